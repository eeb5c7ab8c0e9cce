import { decodeCursor } from './cursor.ts';

/** The page that a query asks for, as repositories take it. */
export function pageOf({ limit = 50, cursor }: { limit?: number; cursor?: string }): {
  limit: number;
  after: string | undefined;
} {
  return { limit, after: decodeCursor(cursor) };
}
