import type { DownloadJson } from '@sheaf/contract/download';

/** More than any screen shows at a time. */
const most = 2_000;
/** Told of each download whose state is another one than it was, however that became known. */
export const stateChange = { told: (_download: DownloadJson): void => {} };

const newest = new Map<string, DownloadJson>();

/**
 * The newest that is known of a download: answers and events overtake each other. Of the same version, the later one
 * counts: its time may have passed meanwhile.
 */
export function freshest(download: DownloadJson): DownloadJson {
  const known = newest.get(download.id);
  if (known !== undefined && known.version > download.version) return known;
  if (known !== undefined && known.state !== download.state) stateChange.told(download);
  newest.delete(download.id);
  newest.set(download.id, download);
  if (newest.size > most) newest.delete(newest.keys().next().value!);
  return download;
}
