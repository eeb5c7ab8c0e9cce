import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import * as catalogue from '@sheaf/db/catalogue/delete-asset';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { requireRole } from '../../current-user.ts';
import { idParamsSchema } from '../id-params.ts';

export const deleteAsset: ApiRoute = (app, { db, clock }) => {
  app.delete(
    '/assets/:id',
    {
      onRequest: requireRole('administrator'),
      schema: { tags: ['assets'], summary: 'Take an asset out of the catalogue', params: idParamsSchema },
    },
    async (request, reply) => {
      const { id: assetId } = request.params;
      const now = clock();
      await db.transaction(async (tx) => {
        const detail = { ...(await catalogue.deleteAsset(tx, assetId, now)) };
        await appendAuditEvent(tx, auditEvent(request, { at: now, action: 'asset.deleted', assetId, detail }));
      });
      return reply.code(204).send();
    },
  );
};
