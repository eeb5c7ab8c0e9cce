import type { BlobFault } from '@sheaf/domain/rendition';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs, renditions } from '../schema/catalogue.ts';

/** Stored files that are missing or damaged. */
export interface StorageFaults {
  fault: BlobFault;
  files: number;
  bytes: number;
  /** Living or deleted, whose files they are. */
  assets: number;
  checkedAt: Date | null;
}

export async function countStorageFaults(executor: Executor): Promise<StorageFaults[]> {
  const rows = await executor.execute<
    Omit<StorageFaults, 'checkedAt' | 'bytes'> & { bytes: string; checkedAt: string | null }
  >(sql`
    select b.fault, count(*)::int as files, sum(b.size) as bytes, max(b.fault_checked_at) as "checkedAt",
      coalesce(sum((select count(distinct r.asset_id) from ${renditions} r where r.blob_sha256 = b.sha256)), 0)::int as assets
    from ${blobs} b where b.fault is not null group by b.fault order by b.fault`);
  return rows.map(({ bytes, checkedAt, ...fault }) => ({
    ...fault,
    bytes: Number(bytes),
    checkedAt: checkedAt === null ? null : new Date(checkedAt),
  }));
}
