import { bulkActionPageSchema } from '@sheaf/contract/bulk-action';
import { pageQuerySchema } from '@sheaf/contract/page';
import { listBulkActions } from '@sheaf/db/bulk-actions/list-bulk-actions';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { pageJson } from '../../../cursor.ts';
import { pageOf } from '../../../page-query.ts';
import { bulkActionJson } from '../../../use-cases/bulk-action-json.ts';

export const getBulkActions: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/bulk-actions',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'What was done to many downloads at once, the newest first',
        querystring: pageQuerySchema,
        response: { 200: bulkActionPageSchema },
      },
    },
    async ({ query }) => pageJson(await listBulkActions(db.orm, pageOf(query)), bulkActionJson),
  );
};
