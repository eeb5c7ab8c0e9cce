import type { DownloadItem } from '@sheaf/db/downloads/list-download-items';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { decideDownload } from '@sheaf/domain/decide-download';
import { readItemPages } from './bundle-entries.ts';
import { loadRequest } from './decide-bundle.ts';
import type { WorkerDeps } from './worker-deps.ts';

/**
 * Decides a packed download once more: null when a file in it is no longer allowed, or is another one by now; else
 * until when it may be had. What became allowed meanwhile changes nothing.
 *
 * Page by page: whether a file is allowed depends on no other asset, and 25,000 of them at once take 100 MB.
 */
export async function stillAllowed(
  { db, clock }: Pick<WorkerDeps, 'db' | 'clock'>,
  downloadId: string,
): Promise<{ expiresAt: Date } | null> {
  const { request, actor } = await loadRequest(db, downloadId);
  const now = clock();
  let expiresAt: Date | null = null;
  for await (const page of readItemPages(db.orm, downloadId)) {
    const included = page.filter(({ outcome }) => outcome === 'included');
    if (included.length === 0) continue;
    const assetIds = included.map(({ assetId }) => assetId);
    const facts = await loadDecisionFacts(db.orm, { request: { ...request, assetIds }, actor, now });
    const decision = decideDownload(facts);
    if (!hasEveryFile(decision.outcomes, included)) return null;
    if (expiresAt === null || decision.expiresAt < expiresAt) expiresAt = decision.expiresAt;
  }
  return expiresAt === null ? null : { expiresAt };
}

type FileRef = { renditionId: string; sha256: string | null };

function hasEveryFile(outcomes: readonly { entries: FileRef[] }[], items: readonly DownloadItem[]): boolean {
  const allowed = new Set(outcomes.flatMap(({ entries }) => entries.map(fileKey)));
  return items.every(({ entries }) => entries.every((entry) => allowed.has(fileKey(entry))));
}

function fileKey({ renditionId, sha256 }: FileRef): string {
  return `${renditionId} ${sha256}`;
}
