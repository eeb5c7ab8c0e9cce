import { queuesSchema } from '@sheaf/contract/queue';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { readQueues } from '../../../use-cases/read-queues.ts';

export const getQueues: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/admin/queues',
    {
      onRequest: requireReader,
      schema: {
        tags: ['operations'],
        summary: 'The queues: depth by state, rate, latency, pauses, concurrency',
        response: { 200: queuesSchema },
      },
    },
    async () => ({ queues: await readQueues(db.prepared, clock()) }),
  );
};
