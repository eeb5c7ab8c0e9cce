import type { DownloadState } from '@sheaf/domain/download-state';
import { type SQL, sql } from 'drizzle-orm';
import { escapeLike } from '../escape-like.ts';
import { downloadItems, downloadLicences, downloads } from '../schema/downloads.ts';

/** What administrators find downloads by. What is absent does not matter; what is there has to hold, all of it. */
export interface DownloadSearch {
  /** Only these. */
  ids?: readonly string[] | undefined;
  requesterId?: string | undefined;
  /** Part of the requester's name or email address, whatever its case. */
  requester?: string | undefined;
  /** Held by the download, or asked for with it. */
  assetId?: string | undefined;
  /** Some asset was under it when the download was asked for. */
  licenceId?: string | undefined;
  errorCode?: string | undefined;
  /** What failed downloads are counted by. */
  failure?: string | undefined;
  states?: readonly DownloadState[] | undefined;
  /** Included. */
  createdFrom?: Date | undefined;
  /** Not included. */
  createdTo?: Date | undefined;
  finishedFrom?: Date | undefined;
  finishedTo?: Date | undefined;
  /** Part of the name, whatever its case. */
  q?: string | undefined;
  delivery?: 'streamed' | 'packed' | undefined;
  /** Bytes of content, as far as it is known or estimated. Both included. */
  sizeMin?: number | undefined;
  sizeMax?: number | undefined;
}

/** A search whose requesters are known by their ids, where they are few; `requester` is there while it is still to be compared. */
export interface ResolvedSearch extends Omit<DownloadSearch, 'requesterId'> {
  requesterIds?: readonly string[] | undefined;
}

export const pattern = (text: string): string => `%${escapeLike(text)}%`;
const time = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;
export const uuids = (list: readonly string[]): SQL => sql`${`{${list.join(',')}}`}::uuid[]`;

/**
 * The search as a condition on a row `d` of downloads; null where it lets everything through. Memberships are scalar
 * subqueries, which PostgreSQL cannot turn into a hash of everything that has the licence.
 */
export function searchCondition(search: ResolvedSearch): SQL | null {
  const { requesterIds, requester, assetId, licenceId, errorCode, failure, states, q, delivery } = search;
  const conditions: (SQL | false)[] = [
    search.ids !== undefined && sql`d.id = any(${uuids(search.ids)})`,
    requesterIds !== undefined && sql`d.requester_id = any(${uuids(requesterIds)})`,
    requester !== undefined &&
      sql`(select u.name ilike ${pattern(requester)} or u.email ilike ${pattern(requester)} from users u where u.id = d.requester_id)`,
    assetId !== undefined &&
      sql`(select true from ${downloadItems} i where i.asset_id = ${assetId}::uuid and i.download_id = d.id limit 1) is true`,
    licenceId !== undefined &&
      sql`(select true from ${downloadLicences} l where l.licence_id = ${licenceId}::uuid and l.download_id = d.id) is true`,
    errorCode !== undefined && sql`d.error ->> 'code' = ${errorCode}`,
    failure !== undefined && sql`d.failure = ${failure}`,
    states !== undefined && sql`d.state = any(${`{${states.join(',')}}`}::text[])`,
    search.createdFrom !== undefined && sql`d.created_at >= ${time(search.createdFrom)}`,
    search.createdTo !== undefined && sql`d.created_at < ${time(search.createdTo)}`,
    search.finishedFrom !== undefined && sql`d.finished_at >= ${time(search.finishedFrom)}`,
    search.finishedTo !== undefined && sql`d.finished_at < ${time(search.finishedTo)}`,
    q !== undefined && sql`d.name ilike ${pattern(q)}`,
    delivery !== undefined && sql`d.delivery = ${delivery}`,
    search.sizeMin !== undefined && sql`d.bytes_total >= ${search.sizeMin}::bigint`,
    search.sizeMax !== undefined && sql`d.bytes_total <= ${search.sizeMax}::bigint`,
  ];
  const given = conditions.filter((condition) => condition !== false);
  return given.length === 0 ? null : sql.join(given, sql` and `);
}

/** The whole search as one statement's FROM and WHERE, for those who need all of what it finds. */
export function selectMatches(search: ResolvedSearch): SQL {
  return sql`from ${downloads} d where ${searchCondition(search) ?? sql`true`}`;
}
