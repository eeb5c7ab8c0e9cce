import type { Executor } from '../database.ts';
import { accesses } from '../schema/downloads.ts';

/** One answered request for a file's bytes. What does not apply is left out. */
export type Access = Omit<typeof accesses.$inferInsert, 'id'>;

export async function recordAccess(executor: Executor, access: Access): Promise<void> {
  await executor.insert(accesses).values(access);
}
