import type { QueueName } from '@sheaf/domain/queue-name';
import { sql } from 'drizzle-orm';
import { outboxChannel } from '../add-to-outbox.ts';
import { noteChange } from '../changes/change-notices.ts';
import type { Executor } from '../database.ts';
import { queueSettings } from '../schema/operations.ts';
import { queueSettingsChannel } from './queue-settings.ts';

type Change = Partial<Omit<typeof queueSettings.$inferInsert, 'name'>>;

/** Sets something for a queue and tells workers, relays and live screens, when the transaction commits. */
export async function setQueue(tx: Executor, name: QueueName, change: Change): Promise<void> {
  await tx
    .insert(queueSettings)
    .values({ name, ...change })
    .onConflictDoUpdate({ target: queueSettings.name, set: change });
  await tx.execute(sql`select pg_notify(${queueSettingsChannel}, ${name}), pg_notify(${outboxChannel}, '')`);
  await noteChange(tx, 'queues');
}
