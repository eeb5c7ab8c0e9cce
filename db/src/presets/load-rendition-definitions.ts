import type { RenditionDefinition } from '@sheaf/domain/image-preset';
import { asc, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { presets } from '../schema/presets.ts';
import { parametersKey } from './parameters-key.ts';

/** What can be made on demand: the definitions of all approved presets and profiles, by kind and name (rule 5). */
export async function loadRenditionDefinitions(executor: Executor): Promise<RenditionDefinition[]> {
  const rows = await executor
    .select({ presetId: presets.id, kind: presets.kind, definitions: presets.definitions })
    .from(presets)
    .where(eq(presets.approved, true))
    .orderBy(asc(presets.kind), asc(presets.name));
  return rows.flatMap(({ presetId, kind, definitions }) =>
    definitions.map((definition) => ({
      ...definition,
      presetId,
      kind,
      parametersKey: parametersKey(definition.parameters),
    })),
  );
}
