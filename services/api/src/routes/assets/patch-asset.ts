import { assetChangesSchema, assetSchema } from '@sheaf/contract/asset';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { changedFacts } from '../../changed-facts.ts';
import { currentUser, requireRole } from '../../current-user.ts';
import { parseOptionalTime } from '../../schema-validator.ts';
import { readAsset } from '../../use-cases/read-asset.ts';
import { idParamsSchema } from '../id-params.ts';

export const patchAsset: ApiRoute = (app, { db, clock }) => {
  app.patch(
    '/assets/:id',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags: ['assets'],
        summary: 'Edit, approve, reject or expire an asset',
        params: idParamsSchema,
        body: assetChangesSchema,
        response: { 200: assetSchema },
      },
    },
    async (request) => {
      const { id: assetId } = request.params;
      const now = clock();
      const expiresAt = parseOptionalTime(request.body.expiresAt, '/expiresAt');
      await db.transaction(async (tx) => {
        const { before, after } = await updateAsset(tx, assetId, { ...request.body, expiresAt }, now);
        const changed = changedFacts(before, after);
        if (changed === null) return;
        const event = { at: now, action: 'asset.changed', assetId, detail: { ...changed } } as const;
        await appendAuditEvent(tx, auditEvent(request, event));
      });
      return readAsset(db.orm, { assetId, actor: currentUser(request), now });
    },
  );
};
