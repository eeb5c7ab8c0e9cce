import { adminDownloadDetailSchema } from '@sheaf/contract/admin-download-detail';
import { idSchema } from '@sheaf/contract/scalars';
import { redeliverNotification } from '@sheaf/db/download-detail/redeliver-notification';
import { Type } from 'typebox';
import { answerOnce } from '../../../answer-once.ts';
import type { ApiRoute } from '../../../api-deps.ts';
import { auditEvent } from '../../../audit-event.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { readDownloadDetail } from '../../../use-cases/read-download-detail.ts';

const paramsSchema = Type.Object({ id: idSchema, notificationId: idSchema });

export const postRedeliver: ApiRoute = (app, deps) => {
  app.post(
    '/admin/downloads/:id/notifications/:notificationId/redeliver',
    {
      onRequest: requireRole('administrator'),
      config: { idempotent: true, documented: { 409: documentedProblem('It is on its way') } },
      schema: {
        tags: ['administration'],
        summary: 'Send an email or webhook of a download once more, with the id that it had',
        params: paramsSchema,
        response: { 202: adminDownloadDetailSchema },
      },
    },
    (request, reply) =>
      answerOnce(deps, request, reply, async (tx) => {
        const { id: downloadId, notificationId } = request.params;
        await redeliverNotification(tx, { downloadId, notificationId });
        const event = {
          at: deps.clock(),
          action: 'notification.redelivered',
          downloadId,
          detail: { notificationId },
        } as const;
        const body = await readDownloadDetail(tx, downloadId);
        return { status: 202, body, events: [auditEvent(request, event)] };
      }),
  );
};
