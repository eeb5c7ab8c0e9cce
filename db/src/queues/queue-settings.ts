import type { QueueName } from '@sheaf/domain/queue-name';
import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { queueSettings } from '../schema/operations.ts';

/** The channel that tells workers that a queue was set otherwise. */
export const queueSettingsChannel = 'sheaf_queues';

export interface QueueSettings {
  name: QueueName;
  pausedAt: Date | null;
  pausedBy: { id: string; name: string } | null;
  pauseReason: string | null;
  concurrency: number | null;
}

/** Of the queues for which something was ever set. */
export async function listQueueSettings(executor: Executor): Promise<QueueSettings[]> {
  return executor
    .select({
      name: queueSettings.name,
      pausedAt: queueSettings.pausedAt,
      pausedBy: { id: users.id, name: users.name },
      pauseReason: queueSettings.pauseReason,
      concurrency: queueSettings.concurrency,
    })
    .from(queueSettings)
    .leftJoin(users, eq(users.id, queueSettings.pausedBy));
}
