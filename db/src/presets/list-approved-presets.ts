import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { isAnyOf } from '../is-any-of.ts';
import { presets } from '../schema/presets.ts';

/** Those of these presets and profiles that are there and approved. No statement where there are none to ask for. */
export async function listApprovedPresets(executor: Executor, presetIds: readonly string[]): Promise<Set<string>> {
  if (presetIds.length === 0) return new Set();
  const rows = await executor
    .select({ id: presets.id })
    .from(presets)
    .where(and(isAnyOf(presets.id, presetIds), eq(presets.approved, true)));
  return new Set(rows.map(({ id }) => id));
}
