import type { Asset } from './asset.ts';
import type { PlannedEntry } from './outcome.ts';
import type { Rendition } from './rendition.ts';

/** The files of one asset under the paths found for them, one path for each rendition. */
export function planEntries(
  asset: Pick<Asset, 'modifiedAt'>,
  renditions: readonly Rendition[],
  paths: readonly string[],
): PlannedEntry[] {
  return renditions.map(({ id, kind, name, presetId, state, mediaType, blob }, index) => {
    const known = state === 'ready' ? blob : null;
    return {
      path: paths[index]!,
      kind,
      name,
      size: known?.size ?? null,
      sha256: known?.sha256 ?? null,
      crc32: known?.crc32 ?? null,
      renditionId: id,
      presetId,
      mediaType,
      modifiedAt: asset.modifiedAt,
    };
  });
}
