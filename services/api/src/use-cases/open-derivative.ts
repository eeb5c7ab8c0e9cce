import { setTimeout as pause } from 'node:timers/promises';
import type { DerivativeRecord } from '@sheaf/db/presets/derivative-record';
import { findDerivative } from '@sheaf/db/presets/find-derivative';
import { parametersKey } from '@sheaf/db/presets/parameters-key';
import { requestDerivative } from '@sheaf/db/presets/request-derivative';
import { AppError } from '@sheaf/domain/app-error';
import type { ImageParameters } from '@sheaf/domain/image-parameters';
import type { BlobFacts } from '@sheaf/domain/rendition';
import type { ApiDeps } from '../api-deps.ts';
import { checkStored } from './check-stored.ts';

export interface DerivativeQuestion {
  /** Who waits for it. */
  actorId: string;
  original: { mediaType: string; blob: BlobFacts };
  parameters: ImageParameters;
  /** Null: what is not there is neither asked for nor waited for. */
  patience: Patience | null;
}

export interface Patience {
  milliseconds: number;
  /** Aborts when nobody waits any more. */
  signal: AbortSignal;
}

type Deps = Pick<ApiDeps, 'db' | 'storage' | 'clock'>;

const shortestPauseMs = 50;
const longestPauseMs = 250;
const retryAfter = 2;

/**
 * The stored bytes of a picture that is made on demand. What is not there yet is asked for, and waited for. Throws
 * `render.pending` where that takes longer, `render.failed` with the reason where it cannot be made, and
 * `rate.limited` for somebody who waits for too many.
 */
export async function openDerivative(deps: Deps, question: DerivativeQuestion): Promise<BlobFacts> {
  const { original, parameters, actorId, patience } = question;
  const originalSha256 = original.blob.sha256;
  if (patience === null) {
    const key = { originalSha256, parametersKey: parametersKey(parameters) };
    return storedDerivative(deps, await findDerivative(deps.db.orm, key, deps.clock()));
  }
  const { mediaType } = original;
  const wanted = { originalSha256, mediaType, parameters, requestedBy: actorId, now: deps.clock() };
  return storedDerivative(deps, await settled(deps, await requestDerivative(deps.db, wanted), patience));
}

/** Looks again and again until it is ready or has failed; as it is when patience ends. */
async function settled({ db, clock }: Deps, asked: DerivativeRecord, patience: Patience): Promise<DerivativeRecord> {
  const givenUpAt = performance.now() + patience.milliseconds;
  let derivative = asked;
  let pauseMs = shortestPauseMs;
  while (derivative.state === 'pending' && !patience.signal.aborted && performance.now() < givenUpAt) {
    const leftMs = Math.max(1, givenUpAt - performance.now());
    await pause(Math.min(pauseMs, leftMs), undefined, { signal: patience.signal }).catch(() => {});
    pauseMs = Math.min(longestPauseMs, pauseMs * 1.5);
    derivative = (await findDerivative(db.orm, { id: derivative.id }, clock())) ?? derivative;
  }
  return derivative;
}

/**
 * The stored bytes of what was made on demand. Throws `render.failed` and `render.pending`, the latter also where its
 * bytes were lost: by then that is recorded, and whoever asks again has it made anew.
 */
export async function storedDerivative(
  deps: Pick<Deps, 'db' | 'storage' | 'clock'>,
  derivative: (Pick<DerivativeRecord, 'state' | 'blob'> & { error?: string | null }) | null,
): Promise<BlobFacts> {
  if (derivative?.state === 'failed') {
    throw new AppError('render.failed', derivative.error ?? 'The rendition could not be made.', {
      detail: { reason: 'rendition.failed' },
    });
  }
  const blob = derivative?.blob;
  if (!blob) throw renderPending();
  try {
    await checkStored(deps, blob);
  } catch (fault) {
    if (fault instanceof AppError && (fault.code === 'blob.missing' || fault.code === 'blob.corrupt')) {
      throw renderPending();
    }
    throw fault;
  }
  return blob;
}

function renderPending(): AppError {
  return new AppError('render.pending', 'The rendition is still being made. Ask again in a moment.', {
    retryable: true,
    detail: { retryAfter },
  });
}
