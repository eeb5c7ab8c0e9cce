import type { ImageParameters } from '@sheaf/domain/image-parameters';
import type { Derivative } from '@sheaf/domain/image-preset';
import type { BlobFacts } from '@sheaf/domain/rendition';
import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';
import { derivatives } from '../schema/presets.ts';

/** A derivative with what its rendering takes. */
export interface DerivativeRecord extends Derivative {
  id: string;
  /** Of the original. */
  mediaType: string;
  parameters: ImageParameters;
  /** Why rendering failed, for people. */
  error: string | null;
}

/** A failed one may be asked for again after so long: with more memory, say, or another version of the renderer. */
const failureHoldsMs = 10 * 60_000;

/** `select … from derivatives`, to be narrowed down and given to `toDerivative`. */
export function selectDerivatives(executor: Executor) {
  return executor
    .select({
      derivative: derivatives,
      blob: { sha256: blobs.sha256, size: blobs.size, crc32: blobs.crc32, fault: blobs.fault },
    })
    .from(derivatives)
    .leftJoin(blobs, eq(blobs.sha256, derivatives.blobSha256));
}

/**
 * As it is at `now`. Pending is also what has to be made anew: a failure that no longer holds, and a file whose bytes
 * were lost or damaged.
 */
export function toDerivative(
  { derivative, blob }: { derivative: typeof derivatives.$inferSelect; blob: BlobFacts | null },
  now: Date,
): DerivativeRecord {
  const { id, originalSha256, parametersKey, mediaType, parameters, width, height, error } = derivative;
  const facts = { id, originalSha256, parametersKey, mediaType, parameters };
  const failedLongAgo = (derivative.renderedAt?.getTime() ?? 0) <= now.getTime() - failureHoldsMs;
  if (derivative.state === 'ready' && blob?.fault === null) {
    return { ...facts, state: 'ready', width, height, blob, error: null };
  }
  if (derivative.state === 'failed' && !failedLongAgo) {
    return { ...facts, state: 'failed', width: null, height: null, blob: null, error };
  }
  return { ...facts, state: 'pending', width: null, height: null, blob: null, error: null };
}
