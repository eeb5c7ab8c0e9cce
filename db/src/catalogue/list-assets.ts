import { and, desc, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { assets } from '../schema/catalogue.ts';
import { type AssetFilter, type AssetVisibility, assetConditions } from './asset-conditions.ts';
import type { CatalogueAsset } from './catalogue-asset.ts';
import { loadAssets } from './load-assets.ts';

export interface AssetListing {
  filter: AssetFilter;
  visibility: AssetVisibility;
  limit: number;
  /** The last page's `nextCursor`: the id of its last asset. */
  after?: string | undefined;
}

/** Assets with all their renditions, newest first. */
export async function listAssets(executor: Executor, listing: AssetListing): Promise<Page<CatalogueAsset>> {
  const { filter, visibility, limit, after } = listing;
  const rows = await executor
    .select({ id: assets.id })
    .from(assets)
    .where(and(after === undefined ? undefined : lt(assets.id, after), ...assetConditions(filter, visibility)))
    .orderBy(desc(assets.id))
    .limit(limit + 1);
  const page = cutPage(rows, limit, (row) => row.id);
  const loaded = await loadAssets(
    executor,
    page.items.map((row) => row.id),
  );
  const items = page.items.map((row) => loaded.get(row.id)).filter((asset) => asset !== undefined);
  return { items, nextCursor: page.nextCursor };
}
