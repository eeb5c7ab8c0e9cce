import type { DownloadJson } from '@sheaf/contract/download';
import { mayAdminister } from '#lib/session.svelte.ts';

/** Whether a download still moves towards ready. */
export function isUnderWay(download: DownloadJson): boolean {
  return ['requested', 'queued', 'gathering', 'packing'].includes(download.state);
}

/** Archives of a ready download that were found damaged: nobody can have them until it is asked for again. */
export function countFaulty({ state, bundle }: DownloadJson): number {
  return state === 'ready' ? (bundle?.parts.filter(({ fault }) => fault !== null).length ?? 0) : 0;
}

/** Whether nothing more will happen to it by itself. */
export function hasEnded(download: DownloadJson): boolean {
  return !isUnderWay(download) && download.state !== 'ready';
}

/** Whether it can be asked for again as it is: one in quarantine is for administrators to release. */
export function isRetryable(download: DownloadJson, role: string): boolean {
  if (download.quarantined && !mayAdminister(role)) return false;
  return ['failed', 'cancelled', 'expired'].includes(download.state);
}

/** Share of the bytes that are packed, from 0 to 1; null while the total is not known. */
export function progressShare(download: DownloadJson): number | null {
  const { bytesDone, bytesTotal } = download.progress;
  if (download.state !== 'packing' || bytesTotal === 0) return null;
  return Math.min(1, bytesDone / bytesTotal);
}
