/** Limits on what is asked for; null: no limit. */
export interface Quota {
  /** Bytes within the last `periodHours`. */
  bytes: number | null;
  periodHours: number;
  /** Downloads in preparation at a time. */
  concurrentDownloads: number | null;
  /** Assets in one download. */
  assetsPerDownload: number | null;
}

export const noQuota: Quota = { bytes: null, periodHours: 24, concurrentDownloads: null, assetsPerDownload: null };
