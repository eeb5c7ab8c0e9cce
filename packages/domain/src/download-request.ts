import type { Acceptance } from './licence.ts';

export const renditionChoices = ['originals', 'static', 'originals-and-static'] as const;
export type RenditionChoice = (typeof renditionChoices)[number];
export const layouts = ['flat', 'folder-per-asset', 'catalogue'] as const;
export type Layout = (typeof layouts)[number];
export const archiveFormats = ['zip', 'tar', 'tar.gz'] as const;
export type ArchiveFormat = (typeof archiveFormats)[number];
export const compressions = ['store', 'deflate'] as const;
export type Compression = (typeof compressions)[number];

/** What a requester asks for. Everything has a value here: defaults are applied at the border. */
export interface DownloadRequest {
  name: string;
  /** In the requester's order, without duplicates. */
  assetIds: string[];
  renditions: RenditionChoice;
  /** Rule 2, for a single asset: exactly these files, instead of what `renditions` says; null: as `renditions` says. */
  renditionIds: string[] | null;
  /**
   * Rule 3, beyond the seed: `original` or names of static renditions, instead of what `renditions` says; null: as
   * `renditions` says. Only while the configuration's `multiSelectRenditionNames` is on.
   */
  renditionNames: string[] | null;
  layout: Layout;
  format: ArchiveFormat;
  compression: Compression;
  /** Most bytes in one part; null for one part whatever its size. */
  partSize: number | null;
  acceptLicences: Acceptance[];
  /** Rule 7: licences taken out of the request; their assets are left out. */
  withoutLicences: string[];
  expiredAssets: 'exclude' | 'include';
  unavailable: 'fail' | 'skip';
  /** `email` null: as the requester's preferences want it. */
  notify: { email: boolean | null; to: string[] };
}
