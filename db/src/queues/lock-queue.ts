import type { QueueName } from '@sheaf/domain/queue-name';
import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { queueSettings } from '../schema/operations.ts';

/** What is set for a queue, locked until the transaction ends, so that of two changes one is the later. */
export async function lockQueue(tx: Executor, name: QueueName): Promise<typeof queueSettings.$inferSelect> {
  await tx.insert(queueSettings).values({ name }).onConflictDoNothing();
  const [row] = await tx.select().from(queueSettings).where(eq(queueSettings.name, name)).for('update');
  if (row === undefined) throw new Error('The queue has no row of settings.');
  return row;
}
