import { queueActionSchema, queueParamsSchema, queueSchema } from '@sheaf/contract/queue';
import type { Executor } from '@sheaf/db/database';
import type { QueueName } from '@sheaf/domain/queue-name';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import type { AdministrativeChange } from '../../../use-cases/administrative-change.ts';
import { readQueues } from '../../../use-cases/read-queues.ts';
import { changeOf } from '../change-of.ts';

interface QueueAction {
  path: 'pause' | 'resume';
  summary: string;
  conflict: string;
  act(tx: Executor, asked: { name: QueueName; reason: string }, change: AdministrativeChange): Promise<void>;
}

/** Something that is done to a queue, with a reason that the audit log keeps. */
export function queueAction({ path, summary, conflict, act }: QueueAction): ApiRoute {
  return (app, deps) => {
    app.post(
      `/admin/queues/:name/${path}`,
      {
        onRequest: requireRole('administrator'),
        config: { documented: { 409: documentedProblem(conflict) } },
        schema: {
          tags: ['operations'],
          summary,
          params: queueParamsSchema,
          body: queueActionSchema,
          response: { 200: queueSchema },
        },
      },
      async (request) => {
        const { name } = request.params;
        const reason = request.body.reason.trim();
        await deps.db.transaction((tx) => act(tx, { name, reason }, changeOf(request, deps)));
        const queues = await readQueues(deps.db.orm, deps.clock());
        return queues.find((queue) => queue.name === name)!;
      },
    );
  };
}
