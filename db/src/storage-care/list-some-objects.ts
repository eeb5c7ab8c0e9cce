import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import type { PublishedObject } from '../doctor/list-published-objects.ts';

/** Objects of ready downloads that should be there, of all of which any may be chosen: of none a fault is known. */
export async function listSomeObjects(
  executor: Executor,
  { except, limit }: { except: string; limit: number },
): Promise<Pick<PublishedObject, 'objectKey' | 'size'>[]> {
  const rows = await executor.execute<{ objectKey: string; size: string }>(sql`
    select part.object_key as "objectKey", part.size - coalesce(bundle.content_size, 0) as size
    from bundle_parts part
    join downloads d on d.id = part.download_id and d.state = 'ready'
    left join bundles bundle on bundle.id = part.bundle_id
    where part.fault is null and part.object_key <> ${except}
    order by random() limit ${limit}`);
  return rows.map(({ objectKey, size }) => ({ objectKey, size: Number(size) }));
}
