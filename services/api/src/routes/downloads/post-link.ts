import { linkFieldsSchema, newLinkSchema } from '@sheaf/contract/link';
import { nullable } from '@sheaf/contract/scalars';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { parseOptionalTime } from '../../schema-validator.ts';
import { createLink } from '../../use-cases/create-link.ts';
import { idParamsSchema } from '../id-params.ts';

export const postLink: ApiRoute = (app, deps) => {
  app.post(
    '/downloads/:id/links',
    {
      onRequest: requireActor,
      config: { idempotent: true },
      schema: {
        tags: ['downloads'],
        summary: 'One more link to a ready download, shown this once',
        params: idParamsSchema,
        body: nullable(linkFieldsSchema),
        response: { 201: newLinkSchema },
      },
    },
    (request, reply) =>
      answerOnce(
        deps,
        request,
        reply,
        async (tx) => {
          const link = await createLink(tx, {
            actor: currentUser(request),
            downloadId: request.params.id,
            expiresAt: parseOptionalTime(request.body?.expiresAt, '/expiresAt') ?? null,
            now: deps.clock(),
          });
          const body = {
            id: link.id,
            createdAt: link.createdAt.toISOString(),
            expiresAt: link.expiresAt.toISOString(),
            revokedAt: null,
            url: `${deps.settings.PUBLIC_URL ?? ''}/d/${link.token}`,
          };
          const event = {
            at: link.createdAt,
            action: 'link.created',
            downloadId: request.params.id,
            detail: { linkId: link.id, expiresAt: body.expiresAt },
          } as const;
          return { status: 201, body, events: [auditEvent(request, event)] };
        },
        { secret: true },
      ),
  );
};
