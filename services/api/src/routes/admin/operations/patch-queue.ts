import { queueChangeSchema, queueParamsSchema, queueSchema } from '@sheaf/contract/queue';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { changeQueue } from '../../../use-cases/change-queue.ts';
import { readQueues } from '../../../use-cases/read-queues.ts';
import { changeOf } from '../change-of.ts';

export const patchQueue: ApiRoute = (app, deps) => {
  app.patch(
    '/admin/queues/:name',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags: ['operations'],
        summary: 'Set how many jobs of a queue each worker runs at once; live workers follow without a restart',
        params: queueParamsSchema,
        body: queueChangeSchema,
        response: { 200: queueSchema },
      },
    },
    async (request) => {
      const { name } = request.params;
      const change = { ...request.body, name, reason: request.body.reason.trim() };
      await deps.db.transaction((tx) => changeQueue(tx, change, changeOf(request, deps)));
      const queues = await readQueues(deps.db.orm, deps.clock());
      return queues.find((queue) => queue.name === name)!;
    },
  );
};
