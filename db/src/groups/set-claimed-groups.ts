import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { groupMembers, groups } from '../schema/groups.ts';

/**
 * Makes a user a member, by claim, of exactly the groups whose claim is among these values. Memberships by hand stay.
 * Give it a transaction: it is two statements. Returns the names of the groups, in their order.
 */
export async function setClaimedGroups(
  tx: Executor,
  userId: string,
  claims: readonly string[],
  now: Date,
): Promise<string[]> {
  const claimed = sql`g.claim in (select jsonb_array_elements_text(${JSON.stringify(claims)}::jsonb))`;
  await tx.execute(sql`
    delete from ${groupMembers} m using ${groups} g
    where m.user_id = ${userId}::uuid and m.source = 'claim' and g.id = m.group_id and not coalesce(${claimed}, false)`);
  const rows = (await tx.execute(sql`
    with claimed as (select g.id, g.name from ${groups} g where ${claimed} for key share),
    added as (
      insert into ${groupMembers} (group_id, user_id, source, created_at)
      select id, ${userId}::uuid, 'claim', ${now.toISOString()}::timestamptz from claimed on conflict do nothing
    )
    select name from claimed order by lower(name)`)) as unknown as { name: string }[];
  return rows.map(({ name }) => name);
}
