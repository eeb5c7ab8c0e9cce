import { acceptanceEvidencePageSchema } from '@sheaf/contract/acceptance';
import { pageQueryFields } from '@sheaf/contract/page';
import { listAcceptances } from '@sheaf/db/catalogue/list-acceptances';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';
import { acceptanceEvidenceJson } from '../../use-cases/acceptance-json.ts';
import { assertLicence } from '../../use-cases/assert-licence.ts';
import { idParamsSchema } from '../id-params.ts';

const querySchema = Type.Object(
  {
    ...pageQueryFields,
    version: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Of this version only.' })),
  },
  { additionalProperties: false },
);

export const getLicenceAcceptances: ApiRoute = (app, { db }) => {
  app.get(
    '/licences/:id/acceptances',
    {
      onRequest: requireReader,
      schema: {
        tags: ['licences'],
        summary: 'Who has accepted a licence, when and from where; newest first',
        params: idParamsSchema,
        querystring: querySchema,
        response: { 200: acceptanceEvidencePageSchema },
      },
    },
    async (request) => {
      const { version } = request.query;
      const { id: licenceId } = request.params;
      await assertLicence(db.orm, licenceId);
      const page = await listAcceptances(db.orm, { licenceId, version, ...pageOf(request.query) });
      return pageJson(page, acceptanceEvidenceJson);
    },
  );
};
