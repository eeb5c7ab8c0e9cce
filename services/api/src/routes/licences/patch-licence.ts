import { licenceChangesSchema, licenceSchema } from '@sheaf/contract/licence';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireRole } from '../../current-user.ts';
import { parseOptionalTime } from '../../schema-validator.ts';
import { changeLicence } from '../../use-cases/change-licence.ts';
import { readLicence } from '../../use-cases/read-licence.ts';
import { withLicenceForm } from '../../use-cases/with-licence-form.ts';
import { idParamsSchema } from '../id-params.ts';

export const patchLicence: ApiRoute = (app, deps) => {
  app.patch(
    '/licences/:id',
    {
      onRequest: requireRole('administrator'),
      config: { formFields: licenceChangesSchema },
      schema: {
        tags: ['licences'],
        summary: 'Edit or approve a licence, or replace its terms',
        description:
          'As `POST /licences`. New terms (multipart/form-data with `file`) are a new version and end all acceptances of ' +
          'older ones; the very terms in force change nothing.',
        consumes: ['application/json', 'multipart/form-data'],
        params: idParamsSchema,
        response: { 200: licenceSchema },
      },
    },
    (request) =>
      withLicenceForm(deps, request, licenceChangesSchema, async ({ fields, document }) => {
        const { id: licenceId } = request.params;
        const now = deps.clock();
        const actor = currentUser(request);
        const expiresAt = parseOptionalTime(fields.expiresAt, '/expiresAt');
        await deps.db.transaction(async (tx) => {
          const change = { licenceId, changes: { ...fields, expiresAt }, document, changedBy: actor.id, now };
          const changed = await changeLicence(tx, change);
          if (changed === null) return;
          const event = { at: now, action: 'licence.changed', licenceId, detail: { ...changed } } as const;
          await appendAuditEvent(tx, auditEvent(request, event));
        });
        return readLicence(deps.db.orm, { licenceId, actor, now });
      }),
  );
};
