import type { QuotaJson } from '@sheaf/contract/quota';

/** A number as a form holds it: undefined while what was typed is none. */
export type EditedNumber = number | null | undefined;

export type EditedQuota = Record<keyof QuotaJson, EditedNumber>;

export const editedQuota = (quota?: QuotaJson | null): EditedQuota => ({
  bytes: quota?.bytes ?? null,
  periodHours: quota?.periodHours ?? 24,
  concurrentDownloads: quota?.concurrentDownloads ?? null,
  assetsPerDownload: quota?.assetsPerDownload ?? null,
});

/** Undefined while one of its numbers is none. */
export function quotaOf(edited: EditedQuota): QuotaJson | undefined {
  const { bytes, periodHours, concurrentDownloads, assetsPerDownload } = edited;
  if (bytes === undefined || concurrentDownloads === undefined || assetsPerDownload === undefined) return undefined;
  return periodHours == null ? undefined : { bytes, periodHours, concurrentDownloads, assetsPerDownload };
}
