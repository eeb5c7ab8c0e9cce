import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

export type QuotaKind = 'bytes' | 'concurrentDownloads' | 'assetsPerDownload';

/** Whose quota it is. */
export interface QuotaSubject {
  kind: 'user' | 'group';
  id: string;
  name: string;
}

/** What is asked of a user's quotas. */
export interface QuotaDemand {
  userId: string;
  /** Assets in this download. */
  assets: number;
  /** 1 for a download that is prepared; 0 for a file that is sent as it is. */
  downloads: 0 | 1;
  /** Known or estimated. */
  bytes: number;
  /** A download that starts over: what it was charged before does not count. */
  exceptDownload?: string;
  now: Date;
}

/** The limit in the way; of several the one that takes longest to give way. */
export interface QuotaRefusal {
  quota: QuotaKind;
  subject: QuotaSubject;
  limit: number;
  used: number;
  asked: number;
  /** Seconds until the same may be allowed; the quota's whole period where waiting does not help. */
  retryAfter: number;
}

/**
 * Takes what is asked for out of a user's quotas: null when all of them have room for it. Until the caller's
 * transaction ends, others who share a quota wait, and then count what this transaction wrote.
 */
export async function takeQuota(tx: Executor, demand: QuotaDemand): Promise<QuotaRefusal | null> {
  return judge(tx, demand, true);
}

/** What `takeQuota` would say now, without making anybody wait. */
export async function checkQuota(executor: Executor, demand: QuotaDemand): Promise<QuotaRefusal | null> {
  return judge(executor, demand, false);
}

async function judge(executor: Executor, demand: QuotaDemand, hold: boolean): Promise<QuotaRefusal | null> {
  return toQuotaRefusal(await executor.execute(sql`select * from ${quotaVerdict(demand, hold)}`));
}

/** The verdict as a table, for statements that act on it: no row where the demand is within all quotas. */
export function quotaVerdict(demand: QuotaDemand, hold: boolean): SQL {
  const { userId, assets, downloads, bytes, exceptDownload = null, now } = demand;
  return sql`take_quota(
    ${userId}::uuid, ${now.toISOString()}::timestamptz, ${assets}::bigint, ${downloads}::bigint, ${bytes}::bigint,
    ${exceptDownload}::uuid, ${hold}::boolean
  )`;
}

/** The rows of `quotaVerdict` as a refusal; null where there are none. */
export function toQuotaRefusal(rows: readonly unknown[]): QuotaRefusal | null {
  const row = rows[0] as Record<string, string | number> | undefined;
  if (row === undefined) return null;
  return {
    quota: row.limit_kind as QuotaKind,
    subject: {
      kind: row.subject_kind as QuotaSubject['kind'],
      id: String(row.subject_id),
      name: String(row.subject_name),
    },
    limit: Number(row.max_value),
    used: Number(row.used_value),
    asked: Number(row.asked_value),
    retryAfter: Number(row.retry_after),
  };
}
