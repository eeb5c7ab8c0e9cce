import type { BundledGroup } from '@sheaf/domain/judge-bundled';
import type { RenditionKind } from '@sheaf/domain/rendition';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { assets } from '../schema/catalogue.ts';
import { downloadItems } from '../schema/downloads.ts';

/** Assets of one bundle that every rule treats alike, because all that the rules look at is the same. */
export interface BundledAssets extends BundledGroup {
  count: number;
  /** Positions in the request of the first few. */
  positions: number[];
}

/** Positions named for each group: enough to say which assets are meant. */
const namedPerGroup = 100;

/**
 * The assets in a bundle as they are now, grouped by what the rules look at. There are few groups however many assets,
 * so that rights can be decided afresh at every request for a part: one statement that reads no renditions. `expiresAt`
 * is an end that all of a group have passed, or that none of them has.
 */
export async function groupBundledAssets(executor: Executor, downloadId: string, now: Date): Promise<BundledAssets[]> {
  const expired = sql<boolean | null>`${assets.expiresAt} <= ${now.toISOString()}::timestamptz`;
  const kinds = ofEntries<RenditionKind>('kind');
  const names = ofEntries<string>('name');
  // Empty in bundles that are older than presets.
  const presets = ofEntries<string | null>('presetId');
  const rows = await executor
    .select({
      status: assets.status,
      licenceId: assets.licenceId,
      // The earliest of several ends that are alike stands for all of them.
      expiresAt: sql<Date | null>`min(${assets.expiresAt})`.mapWith(assets.expiresAt),
      kinds,
      names,
      presets,
      count: sql<number>`count(*)::integer`,
      positions: sql<number[]>`to_jsonb((array_agg(${downloadItems.position}))[1:${sql.raw(String(namedPerGroup))}])`,
    })
    .from(downloadItems)
    .leftJoin(assets, and(eq(assets.id, downloadItems.assetId), isNull(assets.deletedAt)))
    .where(and(eq(downloadItems.downloadId, downloadId), eq(downloadItems.outcome, 'included')))
    .groupBy(assets.status, assets.licenceId, expired, kinds, names, presets);
  return rows.map(({ kinds, names, presets, ...row }) => ({
    ...row,
    files: kinds.map((kind, index) => ({ kind, name: names[index]!, presetId: presets[index] ?? null })),
  }));
}

/** One member of each of an item's entries, in their order. */
function ofEntries<T>(member: string) {
  return sql<T[]>`jsonb_path_query_array(${downloadItems.entries}, ${sql.raw(`'$[*].${member}'`)})`;
}
