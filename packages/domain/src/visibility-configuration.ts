import type { GroupRule } from './group-rule.ts';
import { noQuota, type Quota } from './quota.ts';

/** What administrators switch on and off for everyone. Versioned; the newest version is in force. */
export interface VisibilityConfiguration {
  /** Rule 4: renditions other than the original are shown and can be had. */
  renditionsAvailable: boolean;
  /** Rule 4: originals can be had. */
  originalsDownloadable: boolean;
  /** Rule 8: expired assets are visible. */
  expiredVisible: boolean;
  /** Rule 8: expired assets can be downloaded; has no effect unless `expiredVisible`. */
  expiredDownloadable: boolean;
  /** Rule 9: new assets are approved at once. */
  autoApproval: boolean;
  /** Rule 3, beyond the seed: rendition names may be chosen for several assets. */
  multiSelectRenditionNames: boolean;
  /** Rule 10: above any of these a download runs in the background. */
  background: { maxAssets: number; maxBytes: number; maxSeconds: number };
  /** Beyond the seed: what groups may have beyond, or short of, the switches. */
  groupRules: GroupRule[];
  /** Rule 6: an acceptance counts for all later downloads under the same version, or for its own download only. */
  licenceAcceptance: 'remembered' | 'per-download';
  /** For each user who has no quota of their own. */
  quota: Quota;
  /**
   * Downloads of one requester that are in the queue or with workers at a time; more of them wait for their turn.
   * Null: no limit.
   */
  runningPerRequester: number | null;
  /** Most assets in one request. */
  maxAssetsPerDownload: number;
  /** Assets that expire within so many days are marked. */
  expiringWithinDays: number;
  /** How long a bundle and its links live, unless an asset or licence expires earlier. */
  linkTtlHours: number;
}

export const defaultVisibility: VisibilityConfiguration = {
  renditionsAvailable: true,
  originalsDownloadable: true,
  expiredVisible: false,
  expiredDownloadable: false,
  autoApproval: false,
  multiSelectRenditionNames: false,
  groupRules: [],
  licenceAcceptance: 'remembered',
  quota: noQuota,
  runningPerRequester: null,
  background: { maxAssets: 10, maxBytes: 100_000_000, maxSeconds: 30 },
  maxAssetsPerDownload: 25_000,
  expiringWithinDays: 15,
  linkTtlHours: 168,
};
