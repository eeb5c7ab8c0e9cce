import { setTimeout as pause } from 'node:timers/promises';
import { claimDerivative, type DerivativeClaim } from '@sheaf/db/presets/claim-derivative';
import { AppError } from '@sheaf/domain/app-error';
import type { WorkerDeps } from './worker-deps.ts';

/** What a claim lasts longer than a rendering may take: reading the original and storing the outcome. */
const graceSeconds = 30;
/** A renderer that died a moment ago is outwaited: its claim has run out by then. */
const patienceSeconds = 10;

const shortestPauseMs = 50;
const longestPauseMs = 500;

/**
 * Takes a derivative for this renderer alone. Where another one has it, waits until it is settled, or free again because
 * it was given back or its renderer died; null where it is settled and nothing is left to do. Throws the retryable
 * `render.pending` where that takes longer than a claim lasts, and the signal's reason.
 */
export async function takeDerivative(
  { db, settings }: Pick<WorkerDeps, 'db'> & { settings: Pick<WorkerDeps['settings'], 'RENDER_SECONDS'> },
  derivativeId: string,
  signal: AbortSignal,
): Promise<DerivativeClaim | null> {
  const seconds = settings.RENDER_SECONDS + graceSeconds;
  const givenUpAt = performance.now() + (seconds + patienceSeconds) * 1_000;
  let pauseMs = shortestPauseMs;
  while (true) {
    signal.throwIfAborted();
    const claim = await claimDerivative(db.orm, { derivativeId, seconds });
    if (claim === 'settled') return null;
    if (claim !== 'held') return claim;
    if (performance.now() > givenUpAt) {
      throw new AppError('render.pending', 'The rendition is still being made by another worker.', {
        retryable: true,
        detail: { derivativeId },
      });
    }
    await pause(pauseMs, undefined, { signal }).catch(() => {});
    pauseMs = Math.min(longestPauseMs, pauseMs * 1.5);
  }
}
