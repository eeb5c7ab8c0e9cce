import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { isUsed } from './is-used.ts';

/**
 * Looks at the next so many blobs, in the order of their names, and notes since when each has been unused. Begins anew after
 * the last one. Returns how many it looked at: fewer than `limit` at the end. A mark removes nothing: see
 * `removeUnusedBlobs`. In a transaction.
 */
export async function markUnusedBlobs(tx: Executor, limit: number): Promise<number> {
  await tx.execute(sql`insert into storage_care (id) values (1) on conflict do nothing`);
  const [care] = await tx.execute<{ after: string }>(
    sql`select uses_checked_to as after from storage_care where id = 1 for update`,
  );
  // The place as a parameter: joined, it has PostgreSQL read all names before it.
  const rows = await tx.execute<{ looked: number }>(sql`
    with page as (
      select blob.sha256, blob.unused_since, ${isUsed} as used
      from (
        select sha256, unused_since from blobs where sha256 > ${care!.after} order by sha256 limit ${limit}
      ) as blob
    ),
    marked as (
      update blobs set unused_since = case when page.used then null else now() end
      from page where blobs.sha256 = page.sha256 and page.used = (page.unused_since is not null)
    )
    update storage_care set uses_checked_to =
      case when (select count(*) from page) < ${limit} then '' else (select max(sha256) from page) end
    where id = 1 returning (select count(*)::int from page) as looked`);
  return rows[0]!.looked;
}
