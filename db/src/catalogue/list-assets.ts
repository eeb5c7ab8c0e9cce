import type { AssetStatus } from '@sheaf/domain/asset';
import { and, desc, eq, gt, ilike, isNull, like, lt, lte, or, type SQL } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { escapeLike } from '../escape-like.ts';
import { cutPage, type Page } from '../page.ts';
import { assets } from '../schema/catalogue.ts';
import type { CatalogueAsset } from './catalogue-asset.ts';
import { loadAssets } from './load-assets.ts';

export interface AssetFilter {
  /** Part of the title or of the file name, whatever its case. */
  q?: string | undefined;
  /** This folder and all below it. */
  folder?: string | undefined;
  /** A media type (`image/png`), or its first half (`image`). */
  type?: string | undefined;
  licenceId?: string | undefined;
  /** Not expired at `now`, but so many days later. */
  expiring?: { now: Date; days: number } | undefined;
  status?: AssetStatus | undefined;
}

/** What the caller may see at all. */
export interface AssetVisibility {
  approvedOnly: boolean;
  /** Assets that have expired at this time are left out; null leaves none out. */
  hideExpiredAt: Date | null;
}

export interface AssetListing {
  filter: AssetFilter;
  visibility: AssetVisibility;
  limit: number;
  /** The last page's `nextCursor`: the id of its last asset. */
  after?: string | undefined;
}

const dayMs = 86_400_000;

/** Assets with all their renditions, newest first. */
export async function listAssets(executor: Executor, listing: AssetListing): Promise<Page<CatalogueAsset>> {
  const { filter, visibility, limit, after } = listing;
  const rows = await executor
    .select({ id: assets.id })
    .from(assets)
    .where(
      and(
        isNull(assets.deletedAt),
        after === undefined ? undefined : lt(assets.id, after),
        ...filterConditions(filter),
        visibility.approvedOnly ? eq(assets.status, 'approved') : undefined,
        visibility.hideExpiredAt === null ? undefined : notExpiredAt(visibility.hideExpiredAt),
      ),
    )
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

function filterConditions({ q, folder, type, licenceId, expiring, status }: AssetFilter): (SQL | undefined)[] {
  return [
    q === undefined ? undefined : or(ilike(assets.title, containing(q)), ilike(assets.fileName, containing(q))),
    folder === undefined || folder === ''
      ? undefined
      : or(eq(assets.folder, folder), like(assets.folder, `${escapeLike(folder)}/%`)),
    type === undefined ? undefined : ofType(type),
    licenceId === undefined ? undefined : eq(assets.licenceId, licenceId),
    expiring === undefined ? undefined : expiresWithin(expiring.now, expiring.days),
    status === undefined ? undefined : eq(assets.status, status),
  ];
}

function ofType(type: string): SQL {
  return type.includes('/') ? eq(assets.mediaType, type) : like(assets.mediaType, `${escapeLike(type)}/%`);
}

function expiresWithin(now: Date, days: number): SQL | undefined {
  return and(gt(assets.expiresAt, now), lte(assets.expiresAt, new Date(now.getTime() + days * dayMs)));
}

function notExpiredAt(time: Date): SQL | undefined {
  return or(isNull(assets.expiresAt), gt(assets.expiresAt, time));
}

const containing = (text: string): string => `%${escapeLike(text)}%`;
