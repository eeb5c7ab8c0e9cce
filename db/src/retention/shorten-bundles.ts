import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/**
 * Lets no ready download, and no link to one, live longer than so many hours from when it was ready. What is over by
 * then is refused from this moment; the sweep ends it. Nothing lives longer than was said before. Returns how many
 * downloads. 100,000 of them take a few seconds.
 */
export async function shortenBundles(tx: Executor, hours: number): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(sql`
    with shortened as (
      update downloads set expires_at = ready_at + ${hours} * interval '1 hour'
      where state = 'ready' and expires_at > ready_at + ${hours} * interval '1 hour'
      returning id, expires_at
    ), links as (
      update links l set expires_at = s.expires_at from shortened s
      where l.download_id = s.id and l.expires_at > s.expires_at
    )
    select count(*)::int as count from shortened`);
  return row?.count ?? 0;
}
