import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/**
 * Which of the keys of stored objects no download needs, now or ever: its download is not there, is ready without it, or
 * has ended and was tidied up. What a worker may be writing, and what the sweep is about to remove, is none of them.
 */
export async function findStrayObjects(executor: Executor, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const rows = await executor.execute<{ key: string }>(sql`
    with stored as (
      select key, case when key ~ '^bundles/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/' then split_part(key, '/', 2)::uuid end as id
      from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) as key
    )
    select s.key from stored s left join downloads d on d.id = s.id
    where d.id is null
      or (d.state = 'ready' and not exists (
        select from bundle_parts p where p.download_id = d.id and p.object_key = s.key))
      or (d.state in ('failed', 'cancelled', 'expired', 'revoked') and d.objects_removed_at is not null)
    order by s.key`);
  return rows.map(({ key }) => key);
}
