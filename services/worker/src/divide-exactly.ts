import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import { splitParts } from '@sheaf/archive/split-parts';
import type { DownloadDecision, PlannedPart } from '@sheaf/domain/download-decision';
import type { Outcome } from '@sheaf/domain/outcome';

/**
 * The decision about a stored ZIP with its parts divided by the bytes that each will have, rather than by the upper bound
 * that serves before all files are there. `partSize` is what Sheaf's own files leave of a part, in bytes. Null where a
 * file is still to be rendered.
 */
export function divideExactly(decision: DownloadDecision, partSize: number): DownloadDecision | null {
  const included = decision.outcomes.filter(({ outcome }) => outcome === 'included');
  const groups: ArchiveEntry[][] = [];
  for (const { entries } of included) {
    const group: ArchiveEntry[] = [];
    for (const { path, modifiedAt, sha256, size, crc32 } of entries) {
      if (sha256 === null || size === null || crc32 === null) return null;
      group.push({ path, modifiedAt, blob: { sha256, size, crc32 } });
    }
    groups.push(group);
  }
  const partOf = new Map<Outcome, number>();
  const parts: PlannedPart[] = [];
  for (const [index, part] of splitParts(groups, partSize).parts.entries()) {
    const number = index + 1;
    const assets = part.groups.map((group) => included[group]!);
    for (const outcome of assets) partOf.set(outcome, number);
    const entries = assets.flatMap((outcome) => outcome.entries);
    const contentSize = entries.reduce((sum, { size }) => sum + (size ?? 0), 0);
    parts.push({ number, assets: assets.length, entries: entries.length, contentSize });
  }
  const outcomes = decision.outcomes.map((outcome) => ({ ...outcome, part: partOf.get(outcome) ?? null }));
  return { ...decision, outcomes, parts };
}
