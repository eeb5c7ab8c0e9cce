import type { PageJson } from '@sheaf/contract/page';
import type { Page } from '@sheaf/db/page';
import { invalidInput } from './schema-validator.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The cursor of the page after the row with this id. Opaque to callers. */
export function encodeCursor(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The id that a cursor stands for; undefined for the first page. Throws `input.invalid` for anything we did not hand out. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (!uuid.test(id) || encodeCursor(id) !== cursor) {
    throw invalidInput([{ path: '/cursor', message: 'is not a cursor of this list' }]);
  }
  return id;
}

/** Makes a page of `limit + 1` rows that were read: the extra one only says that there are more. */
export function toPage<R extends { id: string }, J>(rows: R[], limit: number, toJson: (row: R) => J): PageJson<J> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toJson), nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null };
}

/** A page of the database as one of the API. */
export function pageJson<R, J>({ items, nextCursor }: Page<R>, toJson: (row: R) => J): PageJson<J> {
  return { items: items.map(toJson), nextCursor: nextCursor === null ? null : encodeCursor(nextCursor) };
}
