import {
  type BulkActionJson,
  type BulkPreviewJson,
  bulkActionSchema,
  bulkPreviewSchema,
  bulkRequestSchema,
} from '@sheaf/contract/bulk-action';
import { type Answer, answerOnce } from '../../../answer-once.ts';
import type { ApiRoute } from '../../../api-deps.ts';
import { auditEvent } from '../../../audit-event.ts';
import { currentUser, requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { bulkActionJson } from '../../../use-cases/bulk-action-json.ts';
import { previewBulkAction } from '../../../use-cases/preview-bulk-action.ts';
import { startBulkAction } from '../../../use-cases/start-bulk-action.ts';

export const postBulk: ApiRoute = (app, deps) => {
  app.post(
    '/admin/downloads/bulk',
    {
      onRequest: requireRole('administrator'),
      config: {
        idempotent: true,
        documented: { 409: documentedProblem('Nothing was found, or the preview is not one of this request') },
      },
      schema: {
        tags: ['administration'],
        summary: 'Retry, cancel or revoke all that a filter finds',
        description:
          'With `preview` nothing is done yet: 200 tells what would be. With the `previewId` of that, 202: exactly those ' +
          'downloads are dealt with, one after the other, by a job. Each is judged again when its turn comes.',
        body: bulkRequestSchema,
        response: { 200: bulkPreviewSchema, 202: bulkActionSchema },
      },
    },
    (request, reply) =>
      answerOnce(deps, request, reply, async (tx): Promise<Answer<BulkPreviewJson | BulkActionJson>> => {
        const subject = {
          actor: currentUser(request),
          request: request.body,
          now: deps.clock(),
          requestId: request.id,
        };
        if (request.body.preview === true) return { status: 200, body: await previewBulkAction(tx, subject) };
        const action = await startBulkAction(tx, subject);
        const { id, kind, filter, reason, total, people, bytes } = action;
        const detail = {
          bulkActionId: id,
          kind,
          filter,
          reason,
          total,
          people,
          bytes,
          asOf: action.createdAt.toISOString(),
        };
        return {
          status: 202,
          headers: { location: `/api/v1/admin/bulk-actions/${id}` },
          body: bulkActionJson(action),
          events: [auditEvent(request, { at: subject.now, action: 'bulk.requested', detail })],
        };
      }),
  );
};
