import { overviewQuerySchema, overviewSchema } from '@sheaf/contract/overview';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { readOverview } from '../../../use-cases/read-overview.ts';

export const getOverview: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/admin/overview',
    {
      onRequest: requireReader,
      schema: {
        tags: ['operations'],
        summary: 'How the service is doing: waiting, throughput, failures, promises, workers, storage, with a series',
        querystring: overviewQuerySchema,
        response: { 200: overviewSchema },
      },
    },
    (request) => readOverview(db.prepared, { range: request.query.range ?? '24h', now: clock() }),
  );
};
