import type { BlobFault } from '@sheaf/domain/rendition';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** A published archive of which the stored object is missing or damaged: its links refuse. */
export interface ArchiveFault {
  downloadId: string;
  name: string;
  requester: string;
  /** Of the archive. */
  number: number;
  /** Bytes. */
  size: number;
  fault: BlobFault;
  checkedAt: Date | null;
}

/** Those of ready downloads, the newest first. */
export async function listArchiveFaults(executor: Executor, limit: number): Promise<ArchiveFault[]> {
  const rows = await executor.execute<
    Omit<ArchiveFault, 'size' | 'checkedAt'> & { size: string; checkedAt: string | null }
  >(sql`
    select part.download_id as "downloadId", d.name, u.name as requester, part.number, part.size, part.fault,
      part.fault_checked_at as "checkedAt"
    from bundle_parts part
    join downloads d on d.id = part.download_id and d.state = 'ready'
    join users u on u.id = d.requester_id
    where part.fault is not null order by part.download_id desc, part.number limit ${limit}`);
  return rows.map(({ size, checkedAt, ...fault }) => ({
    ...fault,
    size: Number(size),
    checkedAt: checkedAt === null ? null : new Date(checkedAt),
  }));
}
