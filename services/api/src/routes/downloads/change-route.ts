import { downloadSchema } from '@sheaf/contract/download';
import type { Executor } from '@sheaf/db/database';
import type { DownloadChange } from '@sheaf/downloads/lock-for-change';
import type { RestInput } from '@sheaf/downloads/request-rest';
import type { ToldEvent } from '@sheaf/downloads/told-event';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { getDownload } from '../../use-cases/get-download.ts';
import { idParamsSchema } from '../id-params.ts';

const actions = { cancel: 'download.cancelled', retry: 'download.retried', revoke: 'download.revoked' } as const;

/** What a change gives back where it made another download. */
interface Changed {
  /** The one that the answer is about. */
  downloadId: string;
  /** For the audit log, beside the event of the change itself. */
  events: ToldEvent[];
}

interface ChangeRoute {
  action: 'cancel' | 'retry' | 'revoke';
  summary: string;
  status: 200 | 202;
  change: (tx: Executor, change: DownloadChange & RestInput) => Promise<void> | Promise<Changed>;
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
          const changed = await change(tx, { ...subject, now, requestId: request.id });
          const { downloadId, events: others } = changed ?? { downloadId: subject.downloadId, events: [] };
          const body = await getDownload(tx, { ...subject, downloadId, now, linkSealer: deps.sealers.link });
          const events = [
            auditEvent(request, {
              at: now,
              action: actions[action],
              downloadId: subject.downloadId,
              // `packing`, say, where the worker that holds it is yet to let go; its end has an event of its own.
              detail: downloadId === subject.downloadId ? { state: body.state } : { rest: downloadId },
            }),
            ...others.map((event) => auditEvent(request, event)),
          ];
          return { status, headers: { location: `/api/v1/downloads/${body.id}` }, body, events };
        }),
    );
  };
}
