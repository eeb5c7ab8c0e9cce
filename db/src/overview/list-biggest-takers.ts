import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

export interface Taker {
  kind: 'requester' | 'group';
  id: string;
  name: string;
  downloads: number;
  bytes: number;
}

const most = 5;

/** The requesters and the groups whose downloads took most bytes since then; somebody in two groups counts in both. */
export async function listBiggestTakers(executor: Executor, since: Date): Promise<Taker[]> {
  const rows = await executor.execute<Record<keyof Taker, string | number>>(sql`
    with taken as (
      select requester_id, sum(downloads)::int as downloads, sum(bytes)::float8 as bytes
      from requester_rollups where at >= ${since.toISOString()}::timestamptz group by requester_id
    ), requesters as (
      select 'requester' as kind, t.requester_id as id, t.downloads, t.bytes from taken t order by t.bytes desc limit ${most}
    ), groups_taken as (
      select 'group' as kind, m.group_id as id, sum(t.downloads)::int as downloads, sum(t.bytes) as bytes
      from taken t join (select distinct group_id, user_id from group_members) m on m.user_id = t.requester_id
      group by m.group_id order by bytes desc limit ${most}
    )
    select r.*, u.name from requesters r join users u on u.id = r.id
    union all select g.*, n.name from groups_taken g join groups n on n.id = g.id
    order by kind desc, bytes desc`);
  return rows.map((row) => ({ ...row, downloads: Number(row.downloads), bytes: Number(row.bytes) })) as Taker[];
}
