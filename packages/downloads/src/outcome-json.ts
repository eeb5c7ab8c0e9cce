import type { OutcomeJson } from '@sheaf/contract/outcome';
import type { Outcome, PlannedEntry } from '@sheaf/domain/outcome';

/** From a decision or from the database, where times are RFC 3339. */
type ShownEntry = Pick<PlannedEntry, 'path' | 'kind' | 'name' | 'size' | 'sha256'> & { modifiedAt: Date | string };

/** An outcome as the API shows it everywhere. */
export function outcomeJson(
  outcome: Pick<Outcome, 'assetId' | 'title' | 'outcome' | 'reason' | 'renamed'> & { entries: readonly ShownEntry[] },
): OutcomeJson {
  return {
    assetId: outcome.assetId,
    title: outcome.title,
    outcome: outcome.outcome,
    reason: outcome.reason,
    entries: outcome.entries.map(({ path, kind, name, size, sha256, modifiedAt }) => ({
      path,
      kind,
      name,
      size,
      sha256,
      modifiedAt: new Date(modifiedAt).toISOString(),
    })),
    renamed: outcome.renamed,
  };
}
