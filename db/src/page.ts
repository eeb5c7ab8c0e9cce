/** One page of a list that is paged by key. `nextCursor` is the `after` of the next page; null on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Cuts a page from rows of which one more than `limit` was asked for. */
export function cutPage<T>(rows: T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
