import type { RenditionKind } from './rendition.ts';

export const reasons = [
  'asset.not_found',
  'asset.not_approved',
  'asset.expired',
  'licence.not_accepted',
  'licence.not_approved',
  'licence.changed',
  'licence.removed',
  'visibility.originals_off',
  'visibility.renditions_off',
  'visibility.rule_denied',
  'rendition.none_available',
  'rendition.not_entitled',
  'rendition.not_approved',
  'rendition.failed',
  'blob.missing',
  'blob.corrupt',
] as const;

/** Why an asset, or some of its files, is left out. */
export type Reason = (typeof reasons)[number];

/**
 * One file in an archive. `size`, `sha256` and `crc32` are null while a rendition is still to be rendered;
 * gathering fills them in before the entries are frozen.
 */
export interface PlannedEntry {
  path: string;
  kind: RenditionKind;
  name: string;
  size: number | null;
  sha256: string | null;
  crc32: number | null;
  renditionId: string;
  /** The preset or profile that it was made from; null for originals and static renditions. */
  presetId: string | null;
  mediaType: string;
  modifiedAt: Date;
}

/**
 * What happens to one asset of a request: exactly one per asset.
 * `included` with a reason means that some of its files are left out for that reason; `excluded` always has one.
 */
export interface Outcome {
  assetId: string;
  title: string;
  outcome: 'included' | 'excluded';
  reason: Reason | null;
  entries: PlannedEntry[];
  /** Whether the name of a file or folder had to be changed to be safe or unique. */
  renamed: boolean;
  /** Part of the bundle, from 1; null when excluded. */
  part: number | null;
}
