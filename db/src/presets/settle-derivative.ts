import { and, eq, ne } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { derivatives } from '../schema/presets.ts';
import type { DerivativeClaim } from './claim-derivative.ts';

/**
 * It was made: the blob must be recorded already, in the same transaction; width and height in pixels. False where it
 * was ready before, and keeps its file.
 */
export async function setDerivativeReady(
  executor: Executor,
  derivativeId: string,
  file: { sha256: string; width: number; height: number; now: Date },
): Promise<boolean> {
  const { sha256, width, height, now } = file;
  const settled = await executor
    .update(derivatives)
    .set({ state: 'ready', blobSha256: sha256, width, height, error: null, claimedUntil: null, renderedAt: now })
    .where(and(eq(derivatives.id, derivativeId), ne(derivatives.state, 'ready')))
    .returning({ id: derivatives.id });
  return settled.length > 0;
}

/**
 * It cannot be made for a reason that does not pass by itself; `error` says which, for people. Changes nothing where the
 * claim has run out and another renderer has it.
 */
export async function setDerivativeFailed(
  executor: Executor,
  { derivativeId, until }: DerivativeClaim,
  { error, now }: { error: string; now: Date },
): Promise<void> {
  const isMine = and(eq(derivatives.id, derivativeId), eq(derivatives.claimedUntil, until));
  await executor
    .update(derivatives)
    .set({ state: 'failed', error, claimedUntil: null, renderedAt: now })
    .where(and(isMine, eq(derivatives.state, 'pending')));
}
