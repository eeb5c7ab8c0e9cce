import type { OutcomeJson } from '@sheaf/contract/outcome';
import type { Outcome, PlannedEntry } from '@sheaf/domain/outcome';

type ShownEntry = Pick<PlannedEntry, 'path' | 'kind' | 'name' | 'size' | 'sha256'>;

/** An outcome as the API shows it everywhere. */
export function outcomeJson(
  outcome: Pick<Outcome, 'assetId' | 'title' | 'outcome' | 'reason' | 'renamed'> & { entries: readonly ShownEntry[] },
): OutcomeJson {
  return {
    assetId: outcome.assetId,
    title: outcome.title,
    outcome: outcome.outcome,
    reason: outcome.reason,
    entries: outcome.entries.map(({ path, kind, name, size, sha256 }) => ({ path, kind, name, size, sha256 })),
    renamed: outcome.renamed,
  };
}
