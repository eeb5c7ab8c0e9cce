import type { Quota } from '@sheaf/domain/quota';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import type { QuotaSubject } from './take-quota.ts';

/** A quota that a user is under, and what of it is used up. */
export interface QuotaUse {
  subject: QuotaSubject;
  limits: Quota;
  /** `bytes` within the last `limits.periodHours`; by all members together where the subject is a group. */
  used: { bytes: number; concurrentDownloads: number };
}

/** Every quota that limits a user: their own, or else the configuration's, and those of their groups. */
export async function readQuotaUse(executor: Executor, userId: string, now: Date): Promise<QuotaUse[]> {
  const rows = (await executor.execute(sql`
    select * from quota_use(${userId}::uuid, ${now.toISOString()}::timestamptz)
    order by subject_kind desc, subject_name, subject_id`)) as unknown as Record<string, string | number | null>[];
  const limit = (value: string | number | null | undefined) => (value == null ? null : Number(value));
  return rows.map((row) => ({
    subject: {
      kind: row.subject_kind as QuotaSubject['kind'],
      id: String(row.subject_id),
      name: String(row.subject_name),
    },
    limits: {
      bytes: limit(row.max_bytes),
      periodHours: Number(row.period_hours),
      concurrentDownloads: limit(row.max_downloads),
      assetsPerDownload: limit(row.max_assets),
    },
    used: { bytes: Number(row.used_bytes), concurrentDownloads: Number(row.used_downloads) },
  }));
}
