import type { AssetStatus } from '@sheaf/domain/asset';
import { and, eq, gt, isNull, like, lte, or, type SQL, sql } from 'drizzle-orm';
import { escapeLike } from '../escape-like.ts';
import { isAnyOf } from '../is-any-of.ts';
import { assets } from '../schema/catalogue.ts';

export interface AssetFilter {
  /** Only these. */
  ids?: readonly string[] | undefined;
  /** Words, each of which is in the title or in the file name, whatever its case. */
  q?: string | undefined;
  /** This folder and all below it. */
  folder?: string | undefined;
  /** A media type (`image/png`), or its first half (`image`). */
  type?: string | undefined;
  /** `none`: assets without a licence. */
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

const dayMs = 86_400_000;

/** What an asset has to be to be found by this filter, by somebody who may see this much. Deleted ones never are. */
export function assetConditions(filter: AssetFilter, visibility: AssetVisibility): (SQL | undefined)[] {
  return [
    isNull(assets.deletedAt),
    ...filterConditions(filter),
    visibility.approvedOnly ? eq(assets.status, 'approved') : undefined,
    visibility.hideExpiredAt === null ? undefined : notExpiredAt(visibility.hideExpiredAt),
  ];
}

function filterConditions({ ids, q, folder, type, licenceId, expiring, status }: AssetFilter): (SQL | undefined)[] {
  return [
    ids === undefined ? undefined : isAnyOf(assets.id, ids),
    ...(q === undefined ? [] : wordsOf(q).map(containing)),
    folder === undefined || folder === '' ? undefined : inFolder(folder),
    type === undefined ? undefined : ofType(type),
    licenceId === undefined ? undefined : underLicence(licenceId),
    expiring === undefined ? undefined : expiresWithin(expiring.now, expiring.days),
    status === undefined ? undefined : eq(assets.status, status),
  ];
}

function ofType(type: string): SQL {
  return type.includes('/') ? eq(assets.mediaType, type) : like(assets.mediaType, `${escapeLike(type)}/%`);
}

export function expiresWithin(now: Date, days: number): SQL | undefined {
  return and(gt(assets.expiresAt, now), lte(assets.expiresAt, new Date(now.getTime() + days * dayMs)));
}

function notExpiredAt(time: Date): SQL | undefined {
  return or(isNull(assets.expiresAt), gt(assets.expiresAt, time));
}

/** As `assets_text_idx` has it: another expression would read every asset. */
const searched = sql`(${assets.title} || ' ' || ${assets.fileName})`;

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const containing = (word: string): SQL => sql`${searched} ilike ${`%${escapeLike(word)}%`}`;

const underLicence = (licenceId: string): SQL =>
  licenceId === 'none' ? isNull(assets.licenceId) : eq(assets.licenceId, licenceId);

/** Assets of this folder and of all below it. */
export const inFolder = (folder: string): SQL | undefined =>
  or(eq(assets.folder, folder), like(assets.folder, `${escapeLike(folder)}/%`));
