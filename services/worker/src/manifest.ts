import type { OutcomeJson } from '@sheaf/contract/outcome';
import type { Outcome, PlannedEntry } from '@sheaf/domain/outcome';
import type { ManifestOutcome as ManifestOutcomeJson } from '@sheaf/evidence/manifest';

/** What a manifest says of the download itself. */
export interface ManifestHead {
  downloadId: string;
  name: string;
  requestedBy: { name: string; email: string };
  /** When the download was requested. */
  createdAt: Date;
}

/** An outcome as a manifest needs it, from a decision or from the database. */
export type ManifestOutcome = Pick<Outcome, 'assetId' | 'title' | 'outcome' | 'reason' | 'renamed' | 'part'> & {
  entries: readonly (Pick<PlannedEntry, 'path' | 'kind' | 'name' | 'size' | 'sha256'> & {
    /** As JSON has it where it is text. */
    modifiedAt: Date | string;
  })[];
};

/** At most so many bytes are there beside the outcomes: names and addresses have limits of their own. */
const headBytes = 4_096;

/** Separators, and more digits of a part's number than are known when parts have still to be divided. */
const outcomeSpareBytes = 10;

/**
 * `manifest.json`: what became of each asset of the request, in the shape that the API shows it and with the part that
 * its files are in. One asset a line. The outcomes come in pages, for there may be tens of thousands. The same download
 * always gives the same bytes.
 */
export async function manifestJson(
  { downloadId, name, requestedBy, createdAt }: ManifestHead,
  pages: AsyncIterable<readonly ManifestOutcome[]>,
): Promise<Buffer> {
  const head = JSON.stringify({ version: 1, downloadId, name, requestedBy, createdAt });
  const pieces = [Buffer.from(`${head.slice(0, -1)},"outcomes":[`)];
  let separator = '\n';
  for await (const outcomes of pages) {
    if (outcomes.length === 0) continue;
    pieces.push(Buffer.from(separator + outcomes.map(outcomeLine).join(',\n')));
    separator = ',\n';
  }
  pieces.push(Buffer.from('\n]}\n'));
  return Buffer.concat(pieces);
}

/** At most how many bytes the manifest of these outcomes has. */
export function manifestBytes(outcomes: Iterable<ManifestOutcome>): number {
  let bytes = headBytes;
  for (const outcome of outcomes) bytes += Buffer.byteLength(outcomeLine(outcome)) + outcomeSpareBytes;
  return bytes;
}

function outcomeLine(outcome: ManifestOutcome): string {
  const { assetId, title, reason, renamed, part } = outcome;
  const entries = outcome.entries.map(({ path, kind, name, size, sha256, modifiedAt }) => ({
    path,
    kind,
    name,
    size,
    sha256,
    // The same text of either: that of a time is the one that JSON has for it.
    modifiedAt: modifiedAt as string,
  }));
  const line = { assetId, title, outcome: outcome.outcome, reason, entries, renamed, part };
  return JSON.stringify(line satisfies OutcomeJson & ManifestOutcomeJson);
}
