import {
  type DirectDownloadJson,
  type DownloadJson,
  directDownloadSchema,
  downloadSchema,
} from '@sheaf/contract/download';
import { downloadRequestSchema } from '@sheaf/contract/download-request';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { documentedProblem, documentedTooMany } from '../../plugins/open-api.ts';
import { requestOrigin } from '../../request-origin.ts';
import { getDownload } from '../../use-cases/get-download.ts';
import { requestDownload } from '../../use-cases/request-download.ts';
import { requestBodyLimit } from './request-body-limit.ts';

export const postDownload: ApiRoute = (app, deps) => {
  app.post(
    '/downloads',
    {
      onRequest: requireActor,
      bodyLimit: requestBodyLimit,
      config: {
        idempotent: true,
        documented: {
          422: documentedProblem('What is asked for cannot be had: `outcomes` say what and why, `counts` how much'),
          429: documentedTooMany(
            '`rate.limited`, or `quota.exceeded`: `quota`, `subject`, `limit`, `used`, `asked` and `left` say by how much',
          ),
        },
      },
      schema: {
        tags: ['downloads'],
        summary: 'Request a download',
        description: 'A single original needs no archive: the answer is 200 with its URL.',
        body: downloadRequestSchema,
        response: { 200: directDownloadSchema, 202: downloadSchema },
      },
    },
    (request, reply) =>
      answerOnce<DirectDownloadJson | DownloadJson>(deps, request, reply, async (tx) => {
        const actor = currentUser(request);
        const now = deps.clock();
        const requested = await requestDownload(tx, {
          actor,
          body: request.body,
          requestId: request.id,
          now,
          ...requestOrigin(request),
        });
        const events = requested.events.map((event) => auditEvent(request, event));
        if (requested.kind === 'direct') return { status: 200, body: { direct: requested.path }, events };
        const { downloadId } = requested;
        const body = await getDownload(tx, { actor, downloadId, now, linkSealer: deps.sealers.link });
        return { status: 202, headers: { location: `/api/v1/downloads/${downloadId}` }, body, events };
      }),
  );
};
