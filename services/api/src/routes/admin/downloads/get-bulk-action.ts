import { bulkActionSchema } from '@sheaf/contract/bulk-action';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { bulkActionJson } from '../../../use-cases/bulk-action-json.ts';
import { readBulkAction } from '../../../use-cases/read-bulk-action.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getBulkAction: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/bulk-actions/:id',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'A bulk action and how far it is',
        params: idParamsSchema,
        response: { 200: bulkActionSchema },
      },
    },
    async ({ params }) => bulkActionJson(await readBulkAction(db.orm, params.id)),
  );
};
