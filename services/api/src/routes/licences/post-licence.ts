import { licenceFieldsSchema, licenceSchema } from '@sheaf/contract/licence';
import { insertLicence } from '@sheaf/db/catalogue/insert-licence';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser, requireRole } from '../../current-user.ts';
import { parseOptionalTime } from '../../schema-validator.ts';
import { readLicence } from '../../use-cases/read-licence.ts';
import { refuseApprovalWithoutTerms } from '../../use-cases/refuse-approval-without-terms.ts';
import { withLicenceForm } from '../../use-cases/with-licence-form.ts';

export const postLicence: ApiRoute = (app, deps) => {
  app.post(
    '/licences',
    {
      onRequest: requireRole('administrator'),
      config: { formFields: licenceFieldsSchema, idempotent: true },
      schema: {
        tags: ['licences'],
        summary: 'Add a licence',
        description:
          'JSON with `title`, `approved` and `expiresAt`; or multipart/form-data with the same fields and the PDF of ' +
          'the terms as its last part, `file`.',
        consumes: ['application/json', 'multipart/form-data'],
        response: { 201: licenceSchema },
      },
    },
    (request, reply) =>
      withLicenceForm(deps, request, licenceFieldsSchema, ({ fields, document }) => {
        const { title, approved = false } = fields;
        const documentSha256 = document?.sha256 ?? null;
        const expiresAt = parseOptionalTime(fields.expiresAt, '/expiresAt') ?? null;
        refuseApprovalWithoutTerms({ approved, documentSha256 });
        return answerOnce(
          deps,
          request,
          reply,
          async (tx) => {
            await document?.record(tx);
            const now = deps.clock();
            const createdBy = currentUser(request).id;
            const licenceId = await insertLicence(tx, { title, approved, documentSha256, expiresAt, createdBy });
            const body = await readLicence(tx, { licenceId, actor: currentUser(request), now });
            const created = { title, approved, sha256: documentSha256, expiresAt };
            const event = { at: now, action: 'licence.created', licenceId, detail: created } as const;
            return {
              status: 201,
              headers: { location: `/api/v1/licences/${licenceId}` },
              body,
              events: [auditEvent(request, event)],
            };
          },
          { body: { fields, documentSha256 } },
        );
      }),
  );
};
