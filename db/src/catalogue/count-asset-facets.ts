import { and, count, desc, eq, ne, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { assets, licences } from '../schema/catalogue.ts';
import {
  type AssetFilter,
  type AssetVisibility,
  assetConditions,
  expiresWithin,
  inFolder,
} from './asset-conditions.ts';

export interface AssetFacets {
  /** Under all filters. */
  total: number;
  /** Of those, the ones that expire soon. */
  expiring: number;
  /** First halves of media types, most frequent first. */
  types: { type: string; count: number }[];
  /** The folders directly below the filter's, by name; each with all that is below it. */
  folders: { folder: string; count: number }[];
  /** Most frequent first; null: no licence. */
  licences: { licenceId: string | null; title: string | null; count: number }[];
}

export interface AssetFacetsOptions {
  filter: AssetFilter;
  visibility: AssetVisibility;
  /** What counts as expiring soon. */
  soon: { now: Date; days: number };
}

const mostValues = 200;

/** How many assets there are of each kind. Each facet heeds every filter but its own. */
export async function countAssetFacets(
  executor: Executor,
  { filter, visibility, soon }: AssetFacetsOptions,
): Promise<AssetFacets> {
  const found = (changes: Partial<AssetFilter> = {}) => and(...assetConditions({ ...filter, ...changes }, visibility));
  const [totals, types, folders, byLicence] = await Promise.all([
    countTotals(executor, found(), soon),
    countTypes(executor, found({ type: undefined })),
    countFolders(executor, found({ folder: undefined }), filter.folder ?? ''),
    countLicences(executor, found({ licenceId: undefined })),
  ]);
  return { ...totals, types, folders, licences: byLicence };
}

async function countTotals(executor: Executor, found: SQL | undefined, soon: AssetFacetsOptions['soon']) {
  const [row] = await executor
    .select({
      total: count(),
      expiring: sql<number>`count(*) filter (where ${expiresWithin(soon.now, soon.days)})`.mapWith(Number),
    })
    .from(assets)
    .where(found);
  return row!;
}

function countTypes(executor: Executor, found: SQL | undefined) {
  const type = sql<string>`split_part(${assets.mediaType}, '/', 1)`;
  return executor
    .select({ type, count: count() })
    .from(assets)
    .where(found)
    .groupBy(sql`1`)
    .orderBy(desc(count()), sql`1`)
    .limit(mostValues);
}

function countFolders(executor: Executor, found: SQL | undefined, parent: string) {
  const below = parent === '' ? ne(assets.folder, '') : and(inFolder(parent), ne(assets.folder, parent));
  const depth = parent === '' ? 1 : parent.split('/').length + 1;
  const folder = sql<string>`array_to_string((string_to_array(${assets.folder}, '/'))[:${sql.raw(String(depth))}], '/')`;
  return executor
    .select({ folder, count: count() })
    .from(assets)
    .where(and(found, below))
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .limit(mostValues);
}

async function countLicences(executor: Executor, found: SQL | undefined) {
  const counted = executor
    .select({ licenceId: assets.licenceId, count: count().as('assets') })
    .from(assets)
    .where(found)
    .groupBy(assets.licenceId)
    .as('counted');
  return executor
    .select({ licenceId: counted.licenceId, title: licences.title, count: counted.count })
    .from(counted)
    .leftJoin(licences, eq(licences.id, counted.licenceId))
    .orderBy(desc(counted.count), licences.title)
    .limit(mostValues);
}
