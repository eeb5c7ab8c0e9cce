import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { keysOf, type SearchKey, withinKey } from './candidates.ts';
import { type ResolvedSearch, searchCondition } from './download-search.ts';
import {
  beyond,
  byKey,
  lowestId,
  type OrderColumns,
  orderColumns,
  type Place,
  type SearchOrder,
} from './search-order.ts';

export interface Walk {
  search: ResolvedSearch;
  order: SearchOrder;
  after: Place | undefined;
  /** Rows to look at, at most. */
  budget: number;
  /** Matches to give back, at most. */
  limit: number;
}

export interface Walked {
  /** In the order. */
  matches: Place[];
  /** How many matched, also beyond `limit`. */
  matched: number;
  /** The last row that was looked at; null where there was none. */
  last: Place | null;
  /** Whether nothing comes after it. */
  ended: boolean;
}

/** More values of a key than this are not gone through side by side. */
const maxValues = 20;

type WalkedRow = { match: boolean; key: string; id: string; examined: number; matched: number };

/**
 * Goes through downloads in an order and looks at so many of them, whatever matches. The budget is a LIMIT inside, so
 * that no plan can look at more.
 */
export async function walkDownloads(executor: Executor, walk: Walk): Promise<Walked> {
  const columns = orderColumns[walk.order];
  const rows = await executor.execute<WalkedRow>(sql`
    with walked as materialized (${examinedRows(walk, columns)}),
    counted as (select count(*)::int as examined, count(*) filter (where hit)::int as matched from walked)
    (select true as match, ${text('key', walk)} as key, id, examined, matched
      from walked, counted where hit order by ${byKey(columns, 'walked')} limit ${walk.limit})
    union all
    (select false, ${text('key', walk)}, id, examined, matched
      from walked, counted order by ${byKey(columns, 'walked', true)} limit 1)`);
  const last = rows.at(-1);
  const place = ({ key, id }: WalkedRow): Place => ({ key, id });
  return {
    matches: rows.filter(({ match }) => match).map(place),
    matched: last?.matched ?? 0,
    last: last === undefined ? null : place(last),
    ended: (last?.examined ?? 0) < walk.budget,
  };
}

/** What a place is made of: times exactly as the database has them. */
export function text(column: string, { order }: Pick<Walk, 'order'>): SQL {
  const name = sql.raw(column);
  if (order === 'largest') return sql`${name}::text`;
  return sql`to_char(${name} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

function examinedRows(walk: Walk, columns: OrderColumns): SQL {
  const { search, order, after, budget } = walk;
  const hit = searchCondition(search) ?? sql`true`;
  const key = order === 'newest' ? keysOf(search).find(({ count }) => count <= maxValues) : undefined;
  if (key !== undefined) return sideBySide(walk, key, hit);
  const bounds = order === 'newest' ? createdBounds(search) : sql`true`;
  return sql`select d.id, d.${columns.column} as key, (${hit}) as hit from ${downloads} d
    where ${columns.only} and ${bounds} and ${beyond(columns, after)}
    order by ${columns.column} ${columns.descending ? sql`desc, id desc` : sql`, id`} limit ${budget}`;
}

/** The newest rows of each of a key's values, merged. */
function sideBySide({ search, after, budget }: Walk, key: SearchKey, hit: SQL): SQL {
  const { createdFrom, createdTo } = search;
  const upper =
    createdTo && (!after || createdTo.toISOString() < after.key)
      ? { key: createdTo.toISOString(), id: lowestId }
      : after;
  const range = {
    before: upper && sql`${upper.key}::timestamptz, ${upper.id}::uuid`,
    after: createdFrom && sql`${createdFrom.toISOString()}::timestamptz, ${lowestId}::uuid`,
  };
  return sql`select p.* from ${key.values} k(value) cross join lateral (
      select d.id, d.created_at as key, (${hit}) as hit from ${downloads} d
      where ${withinKey(key, sql`k.value`, range)}
      order by ${key.column} desc, created_at desc, id desc limit ${budget}) p
    order by ${byKey(orderColumns.newest, 'p')} limit ${budget}`;
}

function createdBounds({ createdFrom, createdTo }: ResolvedSearch): SQL {
  return sql`created_at >= ${createdFrom?.toISOString() ?? '-infinity'}::timestamptz
    and created_at < ${createdTo?.toISOString() ?? 'infinity'}::timestamptz`;
}
