import { bulkActionSchema } from '@sheaf/contract/bulk-action';
import { cancelBulkAction } from '@sheaf/db/bulk-actions/cancel-bulk-action';
import { AppError } from '@sheaf/domain/app-error';
import { answerOnce } from '../../../answer-once.ts';
import type { ApiRoute } from '../../../api-deps.ts';
import { auditEvent } from '../../../audit-event.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { bulkActionJson } from '../../../use-cases/bulk-action-json.ts';
import { readBulkAction } from '../../../use-cases/read-bulk-action.ts';
import { idParamsSchema } from '../../id-params.ts';

export const postBulkCancel: ApiRoute = (app, deps) => {
  app.post(
    '/admin/bulk-actions/:id/cancel',
    {
      onRequest: requireRole('administrator'),
      config: { idempotent: true, documented: { 409: documentedProblem('It has ended') } },
      schema: {
        tags: ['administration'],
        summary: 'Stop a bulk action before its next download; what was done stays done',
        params: idParamsSchema,
        response: { 200: bulkActionSchema },
      },
    },
    (request, reply) =>
      answerOnce(deps, request, reply, async (tx) => {
        const { id } = request.params;
        const now = deps.clock();
        await readBulkAction(tx, id);
        if (!(await cancelBulkAction(tx, { id, now }))) {
          throw new AppError('resource.conflict', 'The bulk action has ended already.');
        }
        const action = await readBulkAction(tx, id);
        const detail = { bulkActionId: id, done: action.done, skipped: action.skipped, total: action.total };
        const events = [auditEvent(request, { at: now, action: 'bulk.cancelled', detail })];
        return { status: 200, body: bulkActionJson(action), events };
      }),
  );
};
