import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** How much there is of what belongs together. */
export interface RecordCounts {
  downloads: number;
  /** Of the downloads, those that have not ended and are not ready. */
  open: number;
  ready: number;
  /** Archives of ready downloads. */
  archives: number;
  notifications: number;
}

export async function countRecords(executor: Executor): Promise<RecordCounts> {
  const [row] = await executor.execute<Record<keyof RecordCounts, number>>(sql`
    select count(*)::int as downloads,
      count(*) filter (where state in ('requested', 'queued', 'gathering', 'packing'))::int as open,
      count(*) filter (where state = 'ready')::int as ready,
      (select count(*)::int from bundle_parts p join downloads r on r.id = p.download_id where r.state = 'ready') as archives,
      (select count(*)::int from notifications) as notifications
    from downloads`);
  return row!;
}
