import { type SQL, sql } from 'drizzle-orm';
import { NIL } from 'uuid';

export const searchOrders = ['newest', 'largest', 'waiting'] as const;
/** `waiting`: those that are not ready yet and have not ended, the longest waiting first. */
export type SearchOrder = (typeof searchOrders)[number];

/** A download's place in an order: what it is sorted by (a time as RFC 3339, or bytes), and its id. */
export interface Place {
  key: string;
  id: string;
}

/** How each order is gone through: by an index of exactly these two columns. */
export interface OrderColumns {
  column: SQL;
  type: SQL;
  descending: boolean;
  /** What the index is limited to, and so the order. */
  only: SQL;
}

export const orderColumns: Readonly<Record<SearchOrder, OrderColumns>> = {
  newest: { column: sql`created_at`, type: sql`timestamptz`, descending: true, only: sql`true` },
  largest: { column: sql`bytes_total`, type: sql`bigint`, descending: true, only: sql`true` },
  waiting: {
    column: sql`charged_at`,
    type: sql`timestamptz`,
    descending: false,
    only: sql`state in ('requested', 'queued', 'gathering', 'packing')`,
  },
};

/** Rows beyond a place, by the pair that an order's index is made of. */
export function beyond({ column, type, descending }: OrderColumns, place: Place | undefined): SQL {
  if (place === undefined) return sql`true`;
  const pair = sql`(${place.key}::${type}, ${place.id}::uuid)`;
  return descending ? sql`(${column}, id) < ${pair}` : sql`(${column}, id) > ${pair}`;
}

/**
 * The ORDER BY of an order, over `rows` that call what they are sorted by `key`: by that itself, where the result has its
 * text under the same name. `backwards` for its last row.
 */
export function byKey({ descending }: OrderColumns, rows: string, backwards = false): SQL {
  const [key, id] = [sql.raw(`${rows}.key`), sql.raw(`${rows}.id`)];
  return descending !== backwards ? sql`${key} desc, ${id} desc` : sql`${key}, ${id}`;
}

/** Before every other id. */
export const lowestId = NIL;
