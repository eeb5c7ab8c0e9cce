import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { assets, renditions } from '../schema/catalogue.ts';

/** Renditions that could not be made, for the same reason as far as it is known. */
export interface FailedRenditions {
  kind: string;
  name: string;
  error: string | null;
  count: number;
  firstAt: Date;
  lastAt: Date;
  sample: { assetId: string; title: string };
}

type FailedRow = Omit<FailedRenditions, 'sample' | 'firstAt' | 'lastAt'> & {
  firstAt: string;
  lastAt: string;
  assetId: string;
  title: string;
};

/** The most frequent first. */
export async function listFailedRenditions(executor: Executor, limit: number): Promise<FailedRenditions[]> {
  const rows = await executor.execute<FailedRow>(sql`
    with failed as (
      select r.kind, r.name, r.error, count(*)::int as count, min(r.created_at) as first_at, max(r.created_at) as last_at,
        min(r.asset_id::text)::uuid as asset_id
      from ${renditions} r join ${assets} a on a.id = r.asset_id and a.deleted_at is null
      where r.state = 'failed' group by r.kind, r.name, r.error order by count(*) desc limit ${limit}
    )
    select f.kind, f.name, f.error, f.count, f.first_at as "firstAt", f.last_at as "lastAt", a.id as "assetId", a.title
    from failed f join ${assets} a on a.id = f.asset_id order by f.count desc, f.name`);
  return rows.map(({ assetId, title, firstAt, lastAt, ...failed }) => ({
    ...failed,
    firstAt: new Date(firstAt),
    lastAt: new Date(lastAt),
    sample: { assetId, title },
  }));
}
