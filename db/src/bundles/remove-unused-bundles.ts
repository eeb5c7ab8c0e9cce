import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/**
 * Removes bundles of which no archive can be had any more and that nobody laid out since `unusedSince`: whoever has just
 * done so may be about to publish it. Gives how many.
 */
export async function removeUnusedBundles(
  executor: Executor,
  { unusedSince, limit }: { unusedSince: Date; limit: number },
): Promise<number> {
  const rows = await executor.execute(sql`
    delete from bundles
    where id in (
      select id from bundles bundle
      where used_at < ${unusedSince.toISOString()}::timestamptz
        and not exists (select from bundle_parts part where part.bundle_id = bundle.id)
      order by used_at
      limit ${limit}
      for update skip locked
    )
    returning id`);
  return rows.length;
}
