import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { storageCare } from '../schema/operations.ts';

/**
 * Takes the reading of stored files for one worker until its lease runs out, or extends its own. False where another one
 * has it: so the limited rate is that of the whole installation.
 */
export async function claimScrub(
  executor: Executor,
  { workerId, leaseSeconds }: { workerId: string; leaseSeconds: number },
): Promise<boolean> {
  const claim = { scrubWorkerId: workerId, scrubLeaseUntil: sql`now() + ${leaseSeconds} * interval '1 second'` };
  const isFree = or(
    isNull(storageCare.scrubLeaseUntil),
    lt(storageCare.scrubLeaseUntil, sql`now()`),
    eq(storageCare.scrubWorkerId, workerId),
  );
  const rows = await executor
    .insert(storageCare)
    .values({ id: 1, ...claim })
    .onConflictDoUpdate({ target: storageCare.id, set: claim, ...(isFree && { setWhere: isFree }) })
    .returning({ id: storageCare.id });
  return rows.length > 0;
}

export async function releaseScrub(executor: Executor, workerId: string): Promise<void> {
  await executor
    .update(storageCare)
    .set({ scrubLeaseUntil: null, scrubWorkerId: null })
    .where(and(eq(storageCare.id, 1), eq(storageCare.scrubWorkerId, workerId)));
}
