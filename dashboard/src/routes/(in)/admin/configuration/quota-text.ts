import type { QuotaJson } from '@sheaf/contract/quota';
import { shown } from '#lib/i18n/shown.svelte.ts';
import { t } from '#lib/i18n/texts.svelte.ts';

/** A quota in one line: only what is limited. */
export function quotaText({ bytes, periodHours, concurrentDownloads, assetsPerDownload }: QuotaJson): string {
  const { limits } = t.admin;
  const limited = [
    bytes === null ? '' : limits.quotaSize(shown.bytes(bytes), shown.number(periodHours)),
    concurrentDownloads === null ? '' : `${limits.concurrentDownloads}: ${shown.number(concurrentDownloads)}`,
    assetsPerDownload === null ? '' : `${limits.assetsPerDownload}: ${shown.number(assetsPerDownload)}`,
  ].filter(Boolean);
  return limited.length === 0 ? limits.noLimit : limited.join('; ');
}
