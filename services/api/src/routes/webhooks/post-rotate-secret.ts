import { newWebhookSchema } from '@sheaf/contract/webhook';
import { rotateWebhookSecret } from '@sheaf/db/webhooks/rotate-webhook-secret';
import { AppError } from '@sheaf/domain/app-error';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { webhookSecret } from '../../use-cases/webhook-secret.ts';
import { idParamsSchema } from '../id-params.ts';
import { webhookJson } from './webhook-json.ts';

/** Time enough to put the new secret where the receiver checks signatures. */
const overlapMs = 24 * 60 * 60 * 1_000;

export const postRotateSecret: ApiRoute = (app, deps) => {
  app.post(
    '/webhooks/:id/rotate-secret',
    {
      onRequest: requireActor,
      config: { idempotent: true },
      schema: {
        tags: ['webhooks'],
        summary:
          'Give a webhook a new signing secret, shown this once; for 24 hours, the one before signs each message too',
        params: idParamsSchema,
        response: { 200: newWebhookSchema },
      },
    },
    (request, reply) =>
      answerOnce(
        deps,
        request,
        reply,
        async (tx) => {
          const now = deps.clock();
          const secret = webhookSecret();
          const webhook = await rotateWebhookSecret(tx, {
            userId: currentUser(request).id,
            id: request.params.id,
            sealedSecret: deps.sealers.webhook.seal(secret),
            previousUntil: new Date(now.getTime() + overlapMs),
          });
          if (!webhook) throw new AppError('resource.not_found', 'There is no such webhook.');
          const event = { at: now, action: 'webhook.secret_rotated', detail: { webhookId: webhook.id } } as const;
          return { status: 200, body: { ...webhookJson(webhook), secret }, events: [auditEvent(request, event)] };
        },
        { secret: true },
      ),
  );
};
