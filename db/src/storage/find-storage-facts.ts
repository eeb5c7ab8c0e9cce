import type { Executor } from '../database.ts';
import { storageFacts } from '../schema/operations.ts';

/** What was measured last; null before the first time. */
export async function findStorageFacts(
  executor: Executor,
): Promise<Omit<typeof storageFacts.$inferSelect, 'id'> | null> {
  const [row] = await executor.select().from(storageFacts).limit(1);
  return row ?? null;
}
