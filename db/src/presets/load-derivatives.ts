import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { derivatives } from '../schema/presets.ts';
import { type DerivativeRecord, selectDerivatives, toDerivative } from './derivative-record.ts';

/** What was made on demand of an original, or is to be, as it is at `now`. */
export async function loadDerivatives(
  executor: Executor,
  originalSha256: string,
  now: Date,
): Promise<DerivativeRecord[]> {
  const rows = await selectDerivatives(executor).where(eq(derivatives.originalSha256, originalSha256));
  return rows.map((row) => toDerivative(row, now));
}
