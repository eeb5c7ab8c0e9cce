import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { derivatives } from '../schema/presets.ts';

/** A derivative that one renderer holds; `until` tells its claim from any other. */
export interface DerivativeClaim {
  derivativeId: string;
  until: Date;
}

/**
 * Takes a derivative that is to be made, for so many seconds of the database's clock, which all workers share. `held`
 * where somebody else has it, `settled` where there is nothing to make any more.
 */
export async function claimDerivative(
  executor: Executor,
  { derivativeId, seconds }: { derivativeId: string; seconds: number },
): Promise<DerivativeClaim | 'held' | 'settled'> {
  const isPending = and(eq(derivatives.id, derivativeId), eq(derivatives.state, 'pending'));
  const [claimed] = await executor
    .update(derivatives)
    .set({ claimedUntil: sql`clock_timestamp() + make_interval(secs => ${seconds})` })
    .where(and(isPending, or(isNull(derivatives.claimedUntil), lt(derivatives.claimedUntil, sql`clock_timestamp()`))))
    .returning({ until: derivatives.claimedUntil });
  if (claimed?.until) return { derivativeId, until: claimed.until };
  const [pending] = await executor.select({ id: derivatives.id }).from(derivatives).where(isPending);
  return pending ? 'held' : 'settled';
}

/** Gives it back unmade, so that the next one need not wait for the claim to run out. */
export async function releaseDerivative(executor: Executor, { derivativeId, until }: DerivativeClaim): Promise<void> {
  await executor
    .update(derivatives)
    .set({ claimedUntil: null })
    .where(and(eq(derivatives.id, derivativeId), eq(derivatives.claimedUntil, until)));
}
