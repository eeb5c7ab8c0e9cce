import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { presets, type StoredDefinition } from '../schema/presets.ts';
import { takenName } from './taken-name.ts';

export interface PresetChanges {
  name?: string | undefined;
  title?: string | undefined;
  definitions?: StoredDefinition[] | undefined;
  approved?: boolean | undefined;
}

/** Changes a preset; what is absent stays as it is. Throws `resource.conflict` where the new name is taken. */
export async function updatePreset(
  executor: Executor,
  presetId: string,
  changes: PresetChanges,
  now: Date,
): Promise<void> {
  await executor
    .update(presets)
    .set({ ...changes, updatedAt: now })
    .where(eq(presets.id, presetId))
    .catch(takenName(changes.name));
}
