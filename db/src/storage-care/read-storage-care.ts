import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** How the stored files are doing, as far as it is known. Counts since the installation began. */
export interface StorageCare {
  verifiedFiles: number;
  verifiedBytes: number;
  faultsFound: number;
  removedFiles: number;
  removedBytes: number;
  lastVerifiedAt: Date | null;
  /** Every file without a fault was stored or verified since; null where there is none. */
  allVerifiedSince: Date | null;
  /** With a fault now, archives of ready downloads among them. */
  missing: number;
  corrupt: number;
}

type CareRow = Record<Exclude<keyof StorageCare, 'lastVerifiedAt' | 'allVerifiedSince'>, string | number | null> & {
  lastVerifiedAt: string | null;
  allVerifiedSince: string | null;
};

/** One statement, answered from one row and two small ends of indexes, however many files there are. */
export async function readStorageCare(executor: Executor): Promise<StorageCare> {
  const rows = await executor.execute<CareRow>(sql`
    select care.verified_files as "verifiedFiles", care.verified_bytes as "verifiedBytes",
      care.faults_found as "faultsFound", care.removed_files as "removedFiles", care.removed_bytes as "removedBytes",
      care.last_verified_at as "lastVerifiedAt", oldest.at as "allVerifiedSince", faulty.missing, faulty.corrupt
    from (select count(*) filter (where fault = 'missing') as missing, count(*) filter (where fault = 'corrupt') as corrupt
      from (select fault from blobs where fault is not null
        union all
        select part.fault from bundle_parts part join downloads d on d.id = part.download_id and d.state = 'ready'
        where part.fault is not null) as known) as faulty
    left join storage_care care on care.id = 1
    left join lateral (select coalesce(verified_at, created_at) as at from blobs where fault is null
      order by coalesce(verified_at, created_at), sha256 limit 1) as oldest on true`);
  const row = rows[0]!;
  const time = (value: string | null) => (value === null ? null : new Date(value));
  return {
    verifiedFiles: Number(row.verifiedFiles),
    verifiedBytes: Number(row.verifiedBytes),
    faultsFound: Number(row.faultsFound),
    removedFiles: Number(row.removedFiles),
    removedBytes: Number(row.removedBytes),
    lastVerifiedAt: time(row.lastVerifiedAt),
    allVerifiedSince: time(row.allVerifiedSince),
    missing: Number(row.missing),
    corrupt: Number(row.corrupt),
  };
}
