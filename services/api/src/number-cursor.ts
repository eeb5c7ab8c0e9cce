import type { PageJson } from '@sheaf/contract/page';
import { invalidInput } from './schema-validator.ts';

/** Cursors of lists whose rows are numbered rather than named by ids: versions, say. Opaque to callers. */
export function encodeNumberCursor(number: number): string {
  return Buffer.from(String(number)).toString('base64url');
}

/** The number that a cursor stands for; undefined for the first page. Throws `input.invalid` for anything we did not hand out. */
export function decodeNumberCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!/^(0|[1-9]\d{0,8})$/.test(text) || encodeNumberCursor(Number(text)) !== cursor) {
    throw invalidInput([{ path: '/cursor', message: 'is not a cursor of this list' }]);
  }
  return Number(text);
}

/** Makes a page of `limit + 1` rows that were read: the extra one only says that there are more. */
export function toNumberedPage<R, J>(
  rows: R[],
  limit: number,
  numberOf: (row: R) => number,
  toJson: (row: R) => J,
): PageJson<J> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(toJson), nextCursor: more ? encodeNumberCursor(numberOf(last)) : null };
}
