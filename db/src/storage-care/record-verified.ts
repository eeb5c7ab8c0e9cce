import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** Notes that all bytes of these blobs were just read and are those of their names. One statement, and counted once. */
export async function recordVerified(executor: Executor, sha256s: readonly string[]): Promise<void> {
  if (sha256s.length === 0) return;
  await executor.execute(sql`
    with care as (select id from storage_care where id = 1 for update),
    verified as (
      update blobs set verified_at = now() from care
      where sha256 = any(${`{${sha256s.join(',')}}`}::text[]) and fault is null
      returning size
    )
    update storage_care set last_verified_at = now(),
      verified_files = verified_files + (select count(*) from verified),
      verified_bytes = verified_bytes + (select coalesce(sum(size), 0) from verified)
    where id = 1`);
}
