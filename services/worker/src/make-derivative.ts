import { buffer } from 'node:stream/consumers';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { type DerivativeClaim, releaseDerivative } from '@sheaf/db/presets/claim-derivative';
import type { DerivativeRecord } from '@sheaf/db/presets/derivative-record';
import { findDerivative } from '@sheaf/db/presets/find-derivative';
import { setDerivativeFailed, setDerivativeReady } from '@sheaf/db/presets/settle-derivative';
import { AppError } from '@sheaf/domain/app-error';
import type { Renderer } from '@sheaf/imaging/renderer';
import { discardBlob, keepWhole, recordBlob } from '@sheaf/ingest/record-blob';
import { readVerified } from '@sheaf/storage/verified-read';
import { recordFaultyBlob } from './faulty-blob.ts';
import { takeDerivative } from './take-derivative.ts';
import type { WorkerDeps } from './worker-deps.ts';

export type DeriveDeps = Pick<WorkerDeps, 'db' | 'storage' | 'logger' | 'clock' | 'settings'> & {
  renderer: Pick<Renderer, 'render'>;
};

type RenderedPicture = Awaited<ReturnType<Renderer['render']>>;

/** Why it cannot be made, for people. */
interface Failure {
  failure: string;
}

/**
 * Makes a picture that is wanted and marks it ready, or failed with the reason. It is rendered by one at a time, however
 * many jobs and downloads want it: who comes later waits for that, and does nothing once it is settled.
 *
 * Throws what may pass: errors of storage and database, a renderer that is away, `takeDerivative`'s, and the signal's
 * reason.
 */
export async function makeDerivative(deps: DeriveDeps, derivativeId: string, signal: AbortSignal): Promise<void> {
  const claim = await takeDerivative(deps, derivativeId, signal);
  if (claim === null) return;
  try {
    await makeClaimed(deps, claim, signal);
  } catch (error) {
    await releaseDerivative(deps.db.orm, claim).catch((unreleased: unknown) => {
      deps.logger.warn({ derivativeId, err: unreleased }, 'claim of a rendition could not be given back');
    });
    throw error;
  }
}

async function makeClaimed(deps: DeriveDeps, claim: DerivativeClaim, signal: AbortSignal): Promise<void> {
  const { db, clock, logger } = deps;
  const { derivativeId } = claim;
  const derivative = await findDerivative(db.orm, { id: derivativeId }, clock());
  if (derivative === null) return;
  const bytes = await readOriginal(deps, derivative.originalSha256);
  signal.throwIfAborted();
  const made = 'failure' in bytes ? bytes : await render(deps, derivative, bytes, signal);
  if ('failure' in made) {
    logger.warn({ derivativeId, failure: made.failure }, 'rendition on demand failed');
    await setDerivativeFailed(db.orm, claim, { error: made.failure, now: clock() });
    return;
  }
  await store(deps, derivativeId, made, signal);
}

/** A blob is recorded only with the row that points to it: where another renderer was quicker, its file stays alone. */
async function store(
  { db, storage, clock }: DeriveDeps,
  derivativeId: string,
  { bytes, width, height }: RenderedPicture,
  signal: AbortSignal,
): Promise<void> {
  const blob = await storage.blobs.put(oneChunk(bytes), { signal, keep: keepWhole(db) });
  try {
    await db.transaction(async (tx) => {
      await recordBlob(tx, storage, blob);
      const file = { sha256: blob.sha256, width, height, now: clock() };
      if (!(await setDerivativeReady(tx, derivativeId, file))) throw new SettledBefore();
    });
  } catch (error) {
    await discardBlob(db, storage, blob);
    if (!(error instanceof SettledBefore)) throw error;
  }
}

/** Undoes what was written about a picture that nobody needs any more. */
class SettledBefore extends Error {}

async function readOriginal(deps: DeriveDeps, sha256: string): Promise<Buffer | Failure> {
  const { db, storage, settings } = deps;
  const original = await findBlob(db.orm, sha256);
  if (original === null) return { failure: 'The original is not there any more.' };
  if (original.fault !== null) {
    const what = original.fault === 'missing' ? 'missing' : 'damaged';
    return { failure: `The original cannot be read: its file is ${what}.` };
  }
  if (original.size > settings.RENDER_MEMORY_MB * 1_000_000) {
    return { failure: 'The original is too large to be rendered in the memory that it may take.' };
  }
  try {
    return await buffer(await readVerified(storage.blobs, original));
  } catch (error) {
    if (!(await recordFaultyBlob(deps, error))) throw error;
    return { failure: `The original cannot be read: ${(error as AppError).message}` };
  }
}

/** A process that ends without a word gets one more chance: the next picture may have been what ended it. */
async function render(
  { renderer }: DeriveDeps,
  { mediaType, parameters }: DerivativeRecord,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<RenderedPicture | Failure> {
  const task = { source: { bytes }, mediaType, parameters };
  const settle = (error: unknown): Failure => {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error.code !== 'render.failed') throw error;
    return { failure: error.message };
  };
  try {
    return await renderer.render(task, signal);
  } catch (error) {
    const settled = settle(error);
    if (!(error as AppError).retryable) return settled;
  }
  return renderer.render(task, signal).catch(settle);
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
