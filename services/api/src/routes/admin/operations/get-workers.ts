import { workersSchema } from '@sheaf/contract/worker';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { readWorkers } from '../../../use-cases/read-workers.ts';

export const getWorkers: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/workers',
    {
      onRequest: requireReader,
      schema: {
        tags: ['operations'],
        summary: 'The workers: host, version, memory, what they run, and how long they have been silent',
        response: { 200: workersSchema },
      },
    },
    async () => {
      const { at, workers } = await readWorkers(db.prepared);
      return { at: at.toISOString(), workers };
    },
  );
};
