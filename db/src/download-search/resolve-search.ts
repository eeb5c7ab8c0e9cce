import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type DownloadSearch, pattern, type ResolvedSearch } from './download-search.ts';

/** More people than this are compared row by row. */
export const maxRequesters = 500;

/** Looks up whom the requester's text means. Null where it means nobody, so that nothing can be found. */
export async function resolveSearch(executor: Executor, search: DownloadSearch): Promise<ResolvedSearch | null> {
  const { requesterId, requester, ...rest } = search;
  if (requester === undefined) return requesterId === undefined ? rest : { ...rest, requesterIds: [requesterId] };
  const rows = await executor.execute<{ id: string }>(sql`
    select id from users where name ilike ${pattern(requester)} or email ilike ${pattern(requester)}
    limit ${maxRequesters + 1}`);
  if (rows.length > maxRequesters) {
    return requesterId === undefined ? { ...rest, requester } : { ...rest, requester, requesterIds: [requesterId] };
  }
  const found = rows.map(({ id }) => id);
  const requesterIds = requesterId === undefined ? found : found.filter((id) => id === requesterId);
  return requesterIds.length === 0 ? null : { ...rest, requesterIds };
}
