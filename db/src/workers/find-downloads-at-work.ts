import { inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

/** How far downloads are that workers say they work on. */
export async function findDownloadsAtWork(executor: Executor, downloadIds: readonly string[]) {
  if (downloadIds.length === 0) return new Map<string, never>();
  const rows = await executor
    .select({
      id: downloads.id,
      name: downloads.name,
      bytesDone: downloads.bytesDone,
      bytesTotal: downloads.bytesTotal,
    })
    .from(downloads)
    .where(inArray(downloads.id, [...downloadIds]));
  return new Map(rows.map((row) => [row.id, row]));
}
