import { sql } from 'drizzle-orm';
import { lockBlobs } from '../catalogue/lock-blobs.ts';
import type { Executor } from '../database.ts';
import { isUsed } from './is-used.ts';
import { lockBundlesWhileRemoving } from './lock-bundles.ts';

export interface RemovedBlob {
  sha256: string;
  size: number;
}

/**
 * Forgets blobs that have been unused for so many days and still are, with what deleted assets knew of them; their files
 * are the caller's to remove, after the commit. In a transaction.
 *
 * Nothing can begin to use one meanwhile: whoever records a blob takes its lock, whoever lays out a bundle takes that of
 * bundles, and whoever refers to a row that is gone is refused by a foreign key. Removes nothing while the files are held
 * for somebody who copies them, or a bundle is being laid out: the next call does.
 */
export async function removeUnusedBlobs(
  tx: Executor,
  { unusedDays, limit }: { unusedDays: number; limit: number },
): Promise<RemovedBlob[]> {
  const [care] = await tx.execute<{ held: boolean }>(
    sql`select coalesce(held_until > now(), false) as held from storage_care where id = 1 for update`,
  );
  if (care === undefined || care.held) return [];
  const isDue = sql`blob.unused_since < now() - ${unusedDays} * interval '1 day'`;
  const due = await tx.execute<{ sha256: string }>(
    sql`select sha256 from blobs blob where ${isDue} order by unused_since limit ${limit}`,
  );
  if (due.length === 0 || !(await lockBundlesWhileRemoving(tx))) return [];
  await lockBlobs(
    tx,
    due.map(({ sha256 }) => sha256),
  );
  const rows = await tx.execute<{ sha256: string; size: string }>(sql`
    select blob.sha256, blob.size from blobs blob
    where blob.sha256 = any(${textArray(due)}::text[]) and ${isDue} and not ${isUsed}
    for update of blob`);
  if (rows.length === 0) return [];
  const doomed = sql`${textArray(rows)}::text[]`;
  await tx.execute(sql`delete from derivatives where original_sha256 = any(${doomed}) or blob_sha256 = any(${doomed})`);
  await tx.execute(sql`delete from renditions where blob_sha256 = any(${doomed})`);
  await tx.execute(sql`delete from blobs where sha256 = any(${doomed})`);
  const bytes = rows.reduce((sum, { size }) => sum + Number(size), 0);
  await tx.execute(sql`
    update storage_care set removed_files = removed_files + ${rows.length}, removed_bytes = removed_bytes + ${bytes}
    where id = 1`);
  return rows.map(({ sha256, size }) => ({ sha256, size: Number(size) }));
}

const textArray = (rows: readonly { sha256: string }[]) => `{${rows.map(({ sha256 }) => sha256).join(',')}}`;
