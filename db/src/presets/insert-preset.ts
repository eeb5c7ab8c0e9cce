import type { PresetKind } from '@sheaf/domain/image-preset';
import type { Executor } from '../database.ts';
import { newId } from '../schema/columns.ts';
import { presets, type StoredDefinition } from '../schema/presets.ts';
import { takenName } from './taken-name.ts';

export interface NewPreset {
  kind: PresetKind;
  name: string;
  title: string;
  /** With complete parameters. */
  definitions: StoredDefinition[];
  /** Null for the system itself. */
  createdBy: string | null;
  createdAt: Date;
}

/** Adds a preset that nobody has approved yet, and returns its id. Throws `resource.conflict` where the name is taken. */
export async function insertPreset(executor: Executor, { createdAt, ...preset }: NewPreset): Promise<string> {
  const id = newId();
  await executor
    .insert(presets)
    .values({ ...preset, id, createdAt, updatedAt: createdAt })
    .catch(takenName(preset.name));
  return id;
}
