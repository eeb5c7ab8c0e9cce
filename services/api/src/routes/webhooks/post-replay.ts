import { idSchema } from '@sheaf/contract/scalars';
import { deliverySchema } from '@sheaf/contract/webhook';
import { findWebhook } from '@sheaf/db/webhooks/find-webhook';
import { replayDelivery } from '@sheaf/db/webhooks/replay-delivery';
import { AppError } from '@sheaf/domain/app-error';
import { Type } from 'typebox';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { deliveryJson } from './webhook-json.ts';

const paramsSchema = Type.Object({ id: idSchema, deliveryId: idSchema });

export const postReplay: ApiRoute = (app, deps) => {
  app.post(
    '/webhooks/:id/deliveries/:deliveryId/replay',
    {
      onRequest: requireActor,
      config: { idempotent: true },
      schema: {
        tags: ['webhooks'],
        summary: 'Send a delivery once more, with the id that it had',
        params: paramsSchema,
        response: { 202: deliverySchema },
      },
    },
    (request, reply) =>
      answerOnce(deps, request, reply, async (tx) => {
        const { id, deliveryId } = request.params;
        const { id: userId } = currentUser(request);
        const webhook = await findWebhook(tx, userId, id);
        if (!webhook) throw new AppError('resource.not_found', 'There is no such webhook.');
        if (!webhook.enabled) throw new AppError('resource.conflict', 'This webhook is switched off.');
        const delivery = await replayDelivery(tx, { webhookId: webhook.id, deliveryId, userId });
        return { status: 202, body: deliveryJson(delivery) };
      }),
  );
};
