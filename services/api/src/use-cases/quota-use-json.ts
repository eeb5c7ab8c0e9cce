import type { QuotaUseJson } from '@sheaf/contract/quota';
import type { QuotaUse } from '@sheaf/db/quotas/read-quota-use';

/** What else is asked for now. */
interface Further {
  bytes: number;
  downloads: number;
}

/** A quota as the API shows it; `further` is taken off what is left. */
export function quotaUseJson(
  { subject, limits, used }: QuotaUse,
  further: Further = { bytes: 0, downloads: 0 },
): QuotaUseJson {
  const left = (limit: number | null, taken: number) => (limit === null ? null : Math.max(0, limit - taken));
  return {
    subject,
    limits,
    used,
    left: {
      bytes: left(limits.bytes, used.bytes + further.bytes),
      concurrentDownloads: left(limits.concurrentDownloads, used.concurrentDownloads + further.downloads),
      assetsPerDownload: limits.assetsPerDownload,
    },
  };
}
