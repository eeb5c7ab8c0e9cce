import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { installation } from '../schema/jobs.ts';

/** The fact recorded under the key; undefined when there is none. */
export async function findInstallationFact(executor: Executor, key: string): Promise<unknown> {
  const [row] = await executor
    .select({ value: installation.value })
    .from(installation)
    .where(eq(installation.key, key));
  return row?.value;
}

/** Records a fact that is true once and for all; one recorded before stays. */
export async function recordInstallationFact(executor: Executor, key: string, value: unknown): Promise<void> {
  await executor.insert(installation).values({ key, value }).onConflictDoNothing();
}
