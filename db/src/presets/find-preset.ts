import type { PresetKind } from '@sheaf/domain/image-preset';
import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { presets } from '../schema/presets.ts';
import { type PresetRecord, selectPresets } from './preset-record.ts';

/** One preset of this kind; null when there is none. With `lock`, nobody else changes it until the transaction ends. */
export async function findPreset(
  executor: Executor,
  { kind, presetId }: { kind: PresetKind; presetId: string },
  { lock = false }: { lock?: boolean } = {},
): Promise<PresetRecord | null> {
  const query = selectPresets(executor).where(and(eq(presets.id, presetId), eq(presets.kind, kind)));
  const [row] = await (lock ? query.for('update', { of: presets }) : query);
  return row ?? null;
}
