import { licenceChangesSchema, licenceSchema } from '@sheaf/contract/licence';
import type { ApiRoute } from '../../api-deps.ts';
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
          'As `POST /licences`. New terms (multipart/form-data with `file`) end all acceptances of the old ones.',
        consumes: ['application/json', 'multipart/form-data'],
        params: idParamsSchema,
        response: { 200: licenceSchema },
      },
    },
    (request) =>
      withLicenceForm(deps, request, licenceChangesSchema, async ({ fields, document }) => {
        const { id: licenceId } = request.params;
        const now = deps.clock();
        const expiresAt = parseOptionalTime(fields.expiresAt, '/expiresAt');
        await deps.db.transaction((tx) =>
          changeLicence(tx, { licenceId, changes: { ...fields, expiresAt }, document, now }),
        );
        return readLicence(deps.db.orm, { licenceId, actor: currentUser(request), now });
      }),
  );
};
