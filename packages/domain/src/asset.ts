import type { Rendition } from './rendition.ts';

export const assetStatuses = ['draft', 'approved', 'rejected'] as const;
export type AssetStatus = (typeof assetStatuses)[number];

/** One catalogued thing with all its renditions, as the decision needs it. */
export interface Asset {
  id: string;
  title: string;
  /** Folder in the catalogue, `/`-separated, without leading or trailing slash; empty for the root. */
  folder: string;
  status: AssetStatus;
  expiresAt: Date | null;
  licenceId: string | null;
  /** When the original was last changed; becomes the entry's time in an archive. */
  modifiedAt: Date;
  renditions: Rendition[];
}
