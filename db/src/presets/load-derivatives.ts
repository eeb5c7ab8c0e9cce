import { and, eq, inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { renditions } from '../schema/catalogue.ts';
import { derivatives } from '../schema/presets.ts';
import { type DerivativeRecord, selectDerivatives, toDerivative } from './derivative-record.ts';

/** The original itself, or the asset whose original it is. */
export type OriginalReference = { originalSha256: string } | { assetId: string };

/** What was made on demand of an original, or is to be, as it is at `now`. */
export async function loadDerivatives(
  executor: Executor,
  original: OriginalReference,
  now: Date,
): Promise<DerivativeRecord[]> {
  const rows = await selectDerivatives(executor).where(
    'originalSha256' in original
      ? eq(derivatives.originalSha256, original.originalSha256)
      : inArray(derivatives.originalSha256, originalsOf(executor, original.assetId)),
  );
  return rows.map((row) => toDerivative(row, now));
}

function originalsOf(executor: Executor, assetId: string) {
  return executor
    .select({ sha256: renditions.blobSha256 })
    .from(renditions)
    .where(and(eq(renditions.assetId, assetId), eq(renditions.kind, 'original')));
}
