import type { Quota } from '@sheaf/domain/quota';
import type { QuotaRow } from '../schema/groups.ts';

/** A quota as its columns; null: none of its own. */
export function toQuotaRow(quota: Quota | null): QuotaRow {
  return {
    quotaBytes: quota?.bytes ?? null,
    quotaPeriodHours: quota?.periodHours ?? null,
    quotaConcurrentDownloads: quota?.concurrentDownloads ?? null,
    quotaAssetsPerDownload: quota?.assetsPerDownload ?? null,
  };
}

/** The quota that is in the columns. Every quota has a period: without one there is none. */
export function fromQuotaRow(row: QuotaRow | null): Quota | null {
  if (row === null || row.quotaPeriodHours === null) return null;
  return {
    bytes: row.quotaBytes,
    periodHours: row.quotaPeriodHours,
    concurrentDownloads: row.quotaConcurrentDownloads,
    assetsPerDownload: row.quotaAssetsPerDownload,
  };
}
