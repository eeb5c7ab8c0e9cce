import type { PresetKind } from '@sheaf/domain/image-preset';
import { and, desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { presets } from '../schema/presets.ts';
import { type PresetRecord, selectPresets } from './preset-record.ts';

/** Presets of this kind, newest first. */
export async function listPresets(
  executor: Executor,
  { kind, limit, after }: { kind: PresetKind; limit: number; after?: string | undefined },
): Promise<Page<PresetRecord>> {
  const rows = await selectPresets(executor)
    .where(and(eq(presets.kind, kind), after === undefined ? undefined : lt(presets.id, after)))
    .orderBy(desc(presets.id))
    .limit(limit + 1);
  return cutPage(rows, limit, ({ id }) => id);
}
