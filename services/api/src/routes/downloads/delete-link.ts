import { idSchema } from '@sheaf/contract/scalars';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import { revokeLink } from '@sheaf/db/downloads/revoke-link';
import { AppError } from '@sheaf/domain/app-error';
import { scopeOf } from '@sheaf/downloads/download-scope';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireActor } from '../../current-user.ts';

export const deleteLink: ApiRoute = (app, { db, clock }) => {
  app.delete(
    '/downloads/:id/links/:linkId',
    {
      onRequest: requireActor,
      schema: {
        tags: ['downloads'],
        summary: 'Revoke a link',
        params: Type.Object({ id: idSchema, linkId: idSchema }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id, linkId } = request.params;
      const scope = scopeOf(currentUser(request), id);
      const now = clock();
      await db.transaction(async (tx) => {
        const outcome = await revokeLink(tx, { ...scope, linkId, now });
        if (outcome === null) throw new AppError('resource.not_found', 'There is no such link.');
        if (outcome === 'unchanged') return;
        const event = { at: now, action: 'link.revoked', downloadId: id, detail: { linkId } } as const;
        await appendAuditEvent(tx, auditEvent(request, event));
      });
      return reply.code(204).send(null);
    },
  );
};
