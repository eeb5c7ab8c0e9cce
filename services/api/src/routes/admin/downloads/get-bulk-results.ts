import { bulkResultPageSchema, bulkResultQuerySchema } from '@sheaf/contract/bulk-action';
import { listTargets } from '@sheaf/db/bulk-actions/list-targets';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { pageJson } from '../../../cursor.ts';
import { pageOf } from '../../../page-query.ts';
import { readBulkAction } from '../../../use-cases/read-bulk-action.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getBulkResults: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/bulk-actions/:id/results',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'What came of each download of a bulk action',
        params: idParamsSchema,
        querystring: bulkResultQuerySchema,
        response: { 200: bulkResultPageSchema },
      },
    },
    async ({ params, query }) => {
      const { id } = await readBulkAction(db.orm, params.id);
      const page = await listTargets(db.orm, id, { result: query.result, ...pageOf(query) });
      return pageJson(page, ({ at, ...target }) => ({ ...target, at: at?.toISOString() ?? null }));
    },
  );
};
