import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import type { PublishedObject } from '../doctor/list-published-objects.ts';

/** Of downloads that are over, so many are passed over in one go. */
const mostOver = 1_000;

/**
 * Stored objects of ready downloads that are due to be read again, those first that are overdue for longest. What belongs
 * to downloads that are over is due no more, and its fault is nobody's concern.
 */
export async function listUnverifiedObjects(executor: Executor, limit: number): Promise<PublishedObject[]> {
  await executor.execute(sql`
    update bundle_parts set verify_at = null, fault = null
    where (download_id, number) in (
      select download_id, number from bundle_parts part
      where verify_at < now() and not exists (select from downloads d where d.id = part.download_id and d.state = 'ready')
      limit ${mostOver}
    )`);
  const rows = await executor.execute<Omit<PublishedObject, 'size'> & { size: string }>(sql`
    select part.download_id as "downloadId", part.number, part.object_key as "objectKey", part.fault,
      part.size - coalesce(bundle.content_size, 0) as size, case when bundle.id is null then part.sha256 end as sha256
    from bundle_parts part
    join downloads d on d.id = part.download_id and d.state = 'ready'
    left join bundles bundle on bundle.id = part.bundle_id
    where part.verify_at < now() order by part.verify_at limit ${limit}`);
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}
