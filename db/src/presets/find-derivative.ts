import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { derivatives } from '../schema/presets.ts';
import { type DerivativeRecord, selectDerivatives, toDerivative } from './derivative-record.ts';

/** What became of one original and set of parameters by `now`; null where nobody has asked for it yet. */
export async function findDerivative(
  executor: Executor,
  wanted: { id: string } | { originalSha256: string; parametersKey: string },
  now: Date,
): Promise<DerivativeRecord | null> {
  const condition =
    'id' in wanted
      ? eq(derivatives.id, wanted.id)
      : and(eq(derivatives.originalSha256, wanted.originalSha256), eq(derivatives.parametersKey, wanted.parametersKey));
  const [row] = await selectDerivatives(executor).where(condition);
  return row ? toDerivative(row, now) : null;
}
