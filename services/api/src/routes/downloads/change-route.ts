import { downloadSchema } from '@sheaf/contract/download';
import type { Executor } from '@sheaf/db/database';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { getDownload } from '../../use-cases/get-download.ts';
import type { DownloadChange } from '../../use-cases/lock-for-change.ts';
import { idParamsSchema } from '../id-params.ts';

interface ChangeRoute {
  action: 'cancel' | 'retry' | 'revoke';
  summary: string;
  status: 200 | 202;
  change: (tx: Executor, change: DownloadChange) => Promise<void>;
}

/** `POST /downloads/{id}/{action}`: changes a download's state and answers with the download as it is then. */
export function changeRoute({ action, summary, status, change }: ChangeRoute): ApiRoute {
  return (app, deps) => {
    app.post(
      `/downloads/:id/${action}`,
      {
        onRequest: requireActor,
        config: { idempotent: true },
        schema: { tags: ['downloads'], summary, params: idParamsSchema, response: { [status]: downloadSchema } },
      },
      (request, reply) =>
        answerOnce(deps, request, reply, async (tx) => {
          const subject = { actor: currentUser(request), downloadId: (request.params as { id: string }).id };
          const now = deps.clock();
          await change(tx, { ...subject, now });
          const body = await getDownload(tx, { ...subject, now, linkSealer: deps.sealers.link });
          return { status, headers: { location: `/api/v1/downloads/${body.id}` }, body };
        }),
    );
  };
}
