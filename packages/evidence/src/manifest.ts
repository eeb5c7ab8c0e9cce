import type { Outcome, PlannedEntry } from '@sheaf/domain/outcome';
import { flag, listOf, nullable, oneOf, parseShaped, record, sha256, text, time, wholeNumber } from './shape.ts';

/** One file of an asset. `size` and `sha256` are null only in what was never packed. */
export type ManifestEntry = Pick<PlannedEntry, 'path' | 'kind' | 'name' | 'size' | 'sha256'> & {
  /** RFC 3339, UTC. */
  modifiedAt: string;
};

/** What became of one asset of the request. */
export type ManifestOutcome = Pick<Outcome, 'assetId' | 'title' | 'outcome' | 'reason' | 'renamed' | 'part'> & {
  entries: ManifestEntry[];
};

/** `manifest.json`: the same in each part of a download. */
export interface Manifest {
  version: 1;
  downloadId: string;
  /** Of the download. */
  name: string;
  requestedBy: { name: string; email: string };
  /** When the download was requested. RFC 3339, UTC. */
  createdAt: string;
  /** Every asset of the request, in its order. */
  outcomes: ManifestOutcome[];
}

const manifestShape = record({
  version: oneOf(1),
  downloadId: text,
  name: text,
  requestedBy: record({ name: text, email: text }),
  createdAt: time,
  outcomes: listOf(
    record({
      assetId: text,
      title: text,
      outcome: oneOf('included', 'excluded'),
      reason: nullable(text),
      renamed: flag,
      part: nullable(wholeNumber),
      entries: listOf(
        record({
          path: text,
          kind: text,
          name: text,
          size: nullable(wholeNumber),
          sha256: nullable(sha256),
          modifiedAt: time,
        }),
      ),
    }),
  ),
});

/** Null where it is no manifest that this version can read. */
export function parseManifest(bytes: Uint8Array): Manifest | null {
  return parseShaped(bytes, manifestShape);
}
