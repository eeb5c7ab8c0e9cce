import type { PlannedPart } from './download-decision.ts';
import type { ArchiveFormat } from './download-request.ts';
import type { PlannedEntry } from './outcome.ts';

/**
 * Upper bound in bytes of what a format spends on one entry beside its content, for a path of so many UTF-8 bytes.
 * ZIP: local header 30, central header 46, data descriptor 24 and at most 100 of extra fields (ZIP64, times) with the path
 * in both headers. Tar: header 512, padding up to 511 and, for long or non-ASCII paths, a pax header (512) with its
 * records padded to 512.
 */
function entryOverhead(format: ArchiveFormat, pathBytes: number): number {
  return format === 'zip' ? 200 + 2 * pathBytes : 2_300 + pathBytes;
}

/** What ends an archive: ZIP's three end records (98 bytes), or tar's last record (up to 10,240 bytes). */
const endOverhead: Record<ArchiveFormat, number> = { zip: 98, tar: 10_240, 'tar.gz': 10_240 };

/** Assumed for an entry that is still to be rendered: a JPEG of 2048 px at high quality is rarely larger. */
const assumedRenderedSize = 2_000_000;

export interface PartLimits {
  /** Most bytes in one part; null for a single part. */
  partSize: number | null;
  format: ArchiveFormat;
}

export interface PartPlan {
  parts: PlannedPart[];
  /** The part of each asset, from 1, in the order given. */
  partOfAsset: number[];
}

/** Whether a part of that many bytes is larger than was asked for: the files of one asset are never separated. */
export function isOversized(size: number, { partSize }: Pick<PartLimits, 'partSize'>): boolean {
  return partSize !== null && size > partSize;
}

/**
 * Divides assets, in their order, into parts of at most `partSize` bytes, headers included, never separating the files
 * of one asset. An asset that is larger than a part gets one of its own. Deflated content is counted at its full size.
 * The manifest and the licences' documents are not counted: whoever adds them keeps room for them.
 */
export function splitParts(
  assets: readonly (readonly Pick<PlannedEntry, 'path' | 'size'>[])[],
  { partSize, format }: PartLimits,
): PartPlan {
  const parts: PlannedPart[] = [];
  const partOfAsset: number[] = [];
  let part: PlannedPart | undefined;
  let used = 0;
  for (const entries of assets) {
    let contentSize = 0;
    let size = 0;
    for (const entry of entries) {
      contentSize += entry.size ?? 0;
      if (partSize === null) continue;
      size += (entry.size ?? assumedRenderedSize) + entryOverhead(format, Buffer.byteLength(entry.path));
    }
    if (part === undefined || (partSize !== null && used + size > partSize)) {
      part = { number: parts.length + 1, assets: 0, entries: 0, contentSize: 0 };
      parts.push(part);
      used = endOverhead[format];
    }
    used += size;
    part.assets += 1;
    part.entries += entries.length;
    part.contentSize += contentSize;
    partOfAsset.push(part.number);
  }
  return { parts, partOfAsset };
}
