import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** The distinct stored files of a download's items; null where some are still to be rendered. */
export async function listFrozenBlobs(
  executor: Executor,
  downloadId: string,
): Promise<{ sha256: string; size: number }[] | null> {
  const rows = await executor.execute<{ sha256: string | null; size: string | null }>(sql`
    select entry.sha256, entry.size
    from download_items item, jsonb_to_recordset(item.entries) as entry(sha256 text, size bigint)
    where item.download_id = ${downloadId}::uuid and item.outcome = 'included'`);
  const blobs = new Map<string, { sha256: string; size: number }>();
  for (const { sha256, size } of rows) {
    if (sha256 === null || size === null) return null;
    blobs.set(sha256, { sha256, size: Number(size) });
  }
  return [...blobs.values()];
}
