import { findStandingDecision } from '@sheaf/db/downloads/decision-moment';
import type { DownloadItem } from '@sheaf/db/downloads/list-download-items';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { readRules } from '@sheaf/db/retention/read-rules';
import { bundleExpiry } from '@sheaf/domain/bundle-expiry';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DecisionFacts } from '@sheaf/domain/download-decision';
import { readItemPages } from './bundle-entries.ts';
import { loadRequest } from './decide-bundle.ts';
import type { BundlePlan } from './plan-bundle.ts';
import type { WorkerDeps } from './worker-deps.ts';

/**
 * Decides a packed download once more: null when a file in it is no longer allowed, is another one by now, or is
 * under other terms than `terms`, which the archive was written with; else until when it may be had. What became allowed
 * meanwhile changes nothing. Where nothing was changed since the last decision, that one stands.
 *
 * Page by page: whether a file is allowed depends on no other asset, and 25,000 of them at once take 100 MB.
 */
export async function stillAllowed(
  { db, clock }: Pick<WorkerDeps, 'db' | 'clock'>,
  downloadId: string,
  terms: Pick<BundlePlan['terms'], 'licences' | 'licenceOf'>,
): Promise<{ expiresAt: Date } | null> {
  const now = clock();
  const standing = await findStandingDecision(db.orm, downloadId, now);
  if (standing !== null) {
    const { linkTtlHours } = await readRules(db.orm);
    return { expiresAt: bundleExpiry(standing.contentEndsAt, linkTtlHours, now) };
  }
  const { request, actor } = await loadRequest(db, downloadId);
  let expiresAt: Date | null = null;
  for await (const page of readItemPages(db.orm, downloadId)) {
    const included = page.filter(({ outcome }) => outcome === 'included');
    if (included.length === 0) continue;
    const assetIds = included.map(({ assetId }) => assetId);
    const subject = { request: { ...request, assetIds }, actor, downloadId, now };
    const facts = await loadDecisionFacts(db.orm, subject);
    const decision = decideDownload(facts);
    if (!hasEveryFile(decision.outcomes, included) || !isUnder(terms, facts, assetIds)) return null;
    if (expiresAt === null || decision.expiresAt < expiresAt) expiresAt = decision.expiresAt;
  }
  return expiresAt === null ? null : { expiresAt };
}

/** Whether each of these assets is under the licence, and that one's terms, which the archive tells of. */
function isUnder(
  { licences: written, licenceOf }: Pick<BundlePlan['terms'], 'licences' | 'licenceOf'>,
  { assets, licences }: DecisionFacts,
  assetIds: readonly string[],
): boolean {
  const terms = new Map(written.map(({ id, version, document }) => [id, { version, sha256: document.sha256 }]));
  return assetIds.every((assetId) => {
    const licenceId = licenceOf.get(assetId) ?? null;
    if (licenceId !== (assets.get(assetId)?.licenceId ?? null)) return false;
    if (licenceId === null) return true;
    const [then, now] = [terms.get(licenceId), licences.get(licenceId)];
    return then !== undefined && then.version === now?.version && then.sha256 === now.sha256;
  });
}

type FileRef = { renditionId: string; sha256: string | null };

function hasEveryFile(outcomes: readonly { entries: FileRef[] }[], items: readonly DownloadItem[]): boolean {
  const allowed = new Set(outcomes.flatMap(({ entries }) => entries.map(fileKey)));
  return items.every(({ entries }) => entries.every((entry) => allowed.has(fileKey(entry))));
}

function fileKey({ renditionId, sha256 }: FileRef): string {
  return `${renditionId} ${sha256}`;
}
