import { licenceVersionPageSchema } from '@sheaf/contract/licence';
import { pageQuerySchema } from '@sheaf/contract/page';
import { listLicenceVersions } from '@sheaf/db/catalogue/list-licence-versions';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { decodeNumberCursor, toNumberedPage } from '../../number-cursor.ts';
import { assertLicence } from '../../use-cases/assert-licence.ts';
import { idParamsSchema } from '../id-params.ts';

export const getLicenceVersions: ApiRoute = (app, { db }) => {
  app.get(
    '/licences/:id/versions',
    {
      onRequest: requireReader,
      schema: {
        tags: ['licences'],
        summary: 'Every document that a licence has or had, newest first',
        params: idParamsSchema,
        querystring: pageQuerySchema,
        response: { 200: licenceVersionPageSchema },
      },
    },
    async (request) => {
      const { id: licenceId } = request.params;
      const { limit = 50, cursor } = request.query;
      const before = decodeNumberCursor(cursor);
      await assertLicence(db.orm, licenceId);
      const versions = await listLicenceVersions(db.orm, { licenceId, limit: limit + 1, before });
      return toNumberedPage(
        versions,
        limit,
        ({ number }) => number,
        ({ createdAt, ...version }) => ({
          ...version,
          createdAt: createdAt.toISOString(),
          documentUrl: `/api/v1/licences/${licenceId}/versions/${version.number}/document`,
        }),
      );
    },
  );
};
