import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import type { PublishedObject } from './list-published-objects.ts';

/** Whether a download is ready, and delivered from that object, at this moment, and is so with a fault where one was known. */
export async function isStillPublished(
  executor: Executor,
  { downloadId, objectKey, fault }: Pick<PublishedObject, 'downloadId' | 'objectKey' | 'fault'>,
): Promise<boolean> {
  const rows = await executor.execute(sql`
    select from bundle_parts p join downloads d on d.id = p.download_id
    where p.download_id = ${downloadId} and p.object_key = ${objectKey} and d.state = 'ready'
      and (p.fault is not null or ${fault === null})`);
  return rows.length > 0;
}
