import { type SQL, sql } from 'drizzle-orm';
import { MAX, NIL } from 'uuid';
import type { Executor } from '../database.ts';
import { downloadItems, downloadLicences, downloadNames, downloads } from '../schema/downloads.ts';
import { pattern, type ResolvedSearch, uuids } from './download-search.ts';

/**
 * What is rarer than this is looked up and sorted; what is more frequent is met soon enough by going through downloads in
 * their order. At 1,000,000 downloads a look-up of so many costs about as much as the longest such walk for 50 matches.
 */
export const fewCandidates = 600;

/** Ids of downloads that one part of a search allows, as a SELECT of at most so many. */
export type Candidates = (limit: number) => SQL;

/**
 * The parts of a search that an index can answer alone; `named` is apart, since a text may be frequent and costs most
 * then. Triples are compared, and sorted by, because the index of those three columns alone can serve that: for
 * `state = … order by created_at` PostgreSQL may well choose to read everything in the order of creation, where it
 * believes the state to be frequent.
 */
export function candidatesOf(search: ResolvedSearch): Candidates[] {
  const { assetId, licenceId, createdFrom, createdTo, sizeMin, sizeMax } = search;
  const found: Candidates[] = keysOf(search).map(
    (key) => (limit) =>
      sql`
    select p.id from ${key.values} k(value) cross join lateral (
      select id from ${downloads} where ${withinKey(key, sql`k.value`)}
      order by ${key.column}, created_at, id limit ${limit}) p limit ${limit}`,
  );
  const { ids } = search;
  if (ids !== undefined) found.push((limit) => sql`select id from unnest(${uuids(ids)}) chosen(id) limit ${limit}`);
  if (assetId !== undefined) {
    found.push(
      (limit) => sql`select distinct download_id as id from (
      select download_id from ${downloadItems} where asset_id = ${assetId}::uuid
      order by asset_id, download_id limit ${limit}) held`,
    );
  }
  if (licenceId !== undefined) {
    found.push(
      (limit) => sql`select download_id as id from ${downloadLicences} where licence_id = ${licenceId}::uuid
      order by licence_id, download_id limit ${limit}`,
    );
  }
  if (createdFrom !== undefined || createdTo !== undefined) {
    const from = sql`${createdFrom?.toISOString() ?? '-infinity'}::timestamptz`;
    const to = sql`${createdTo?.toISOString() ?? 'infinity'}::timestamptz`;
    found.push(
      (limit) => sql`select id from ${downloads} where created_at >= ${from} and created_at < ${to}
      order by created_at, id limit ${limit}`,
    );
  }
  if (sizeMin !== undefined || sizeMax !== undefined) {
    found.push(
      (limit) => sql`select id from ${downloads} where bytes_total >= ${sizeMin ?? 0}::bigint
      and bytes_total <= ${sizeMax ?? Number.MAX_SAFE_INTEGER}::bigint order by bytes_total, id limit ${limit}`,
    );
  }
  return found;
}

/** Downloads by part of their name; null where the text has no three letters or digits in a row for the index to go by. */
export function namedCandidates(q: string | undefined): Candidates | null {
  if (q === undefined || !/[\p{L}\p{N}]{3}/u.test(q)) return null;
  return (limit) => sql`select download_id as id from ${downloadNames} where name ilike ${pattern(q)} limit ${limit}`;
}

/** A column with an index of its own in the order of creation, and the values of it that a search allows. */
export interface SearchKey {
  column: SQL;
  /** A FROM item with one column. */
  values: SQL;
  count: number;
  /** What the index is limited to. */
  present: SQL;
}

/** The keys of a search, the one first that most probably has the fewest downloads. */
export function keysOf({ failure, errorCode, requesterIds, states }: ResolvedSearch): SearchKey[] {
  const keys: SearchKey[] = [];
  const one = (value: string) => sql`(values (${value}::text))`;
  if (failure !== undefined) {
    keys.push({ column: sql`failure`, values: one(failure), count: 1, present: sql`failure is not null and` });
  }
  if (errorCode !== undefined) {
    const column = sql`(error ->> 'code')`;
    keys.push({ column, values: one(errorCode), count: 1, present: sql`error is not null and` });
  }
  if (requesterIds !== undefined) {
    const values = sql`unnest(${uuids(requesterIds)})`;
    keys.push({ column: sql`requester_id`, values, count: requesterIds.length, present: sql`` });
  }
  if (states !== undefined) {
    const values = sql`unnest(${`{${states.join(',')}}`}::text[])`;
    keys.push({ column: sql`state`, values, count: states.length, present: sql`` });
  }
  return keys;
}

/** Rows of one value of a key, by the triple that its index is made of; `before` and `after` limit them further. */
export function withinKey(
  { column, present }: SearchKey,
  value: SQL,
  { after, before }: { after?: SQL | undefined; before?: SQL | undefined } = {},
): SQL {
  const first = after ?? sql`'-infinity'::timestamptz, ${NIL}::uuid`;
  const last = before ?? sql`'infinity'::timestamptz, ${MAX}::uuid`;
  return sql`${present} (${column}, created_at, id) >= (${value}, ${first})
    and (${column}, created_at, id) < (${value}, ${last})`;
}

/** The rarest of these parts, as a SELECT of all the downloads that it allows, where these are few; else null. */
export async function fewestCandidates(
  executor: Executor,
  parts: readonly Candidates[],
  few: number = fewCandidates,
): Promise<SQL | null> {
  if (parts.length === 0) return null;
  const counts = parts.map((part) => sql`(select count(*)::int from (${part(few + 1)}) part)`);
  const [row] = await executor.execute<{ counts: number[] }>(
    sql`select jsonb_build_array(${sql.join(counts, sql`, `)}) as counts`,
  );
  const count = Math.min(...(row?.counts ?? []));
  if (row === undefined || count > few) return null;
  return parts[row.counts.indexOf(count)]!(few + 1);
}
