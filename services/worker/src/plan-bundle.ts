import type { DownloadItem } from '@sheaf/db/downloads/list-download-items';
import { loadBundleEvidence } from '@sheaf/db/evidence/load-bundle-evidence';
import type { BundleTerms } from '@sheaf/db/evidence/load-bundle-terms';
import type { ReceiptFacts } from '@sheaf/db/evidence/load-receipt-facts';
import { readItems } from './bundle-entries.ts';
import { manifestJson } from './manifest.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** What the frozen items of a download come to. */
export interface BundlePlan {
  /** By number, without gaps. Content only: none of Sheaf's own files. */
  parts: { number: number; entries: number; bytes: number }[];
  facts: ReceiptFacts;
  /** `manifest.json`: the same in each part. */
  manifest: Buffer;
  /** What each part tells of licences, whose documents it holds. */
  terms: BundleTerms;
}

/**
 * All parts are written by one plan: licences and acceptances are read once, as of one moment, so that no part tells of
 * other terms than another. Throws `resource.not_found`.
 */
export async function planBundle({ db }: Pick<WorkerDeps, 'db'>, downloadId: string): Promise<BundlePlan> {
  const { facts, terms } = await loadBundleEvidence(db, downloadId);
  const { name, requester, createdAt } = facts;
  const parts: BundlePlan['parts'] = [];

  async function* countedItems(): AsyncGenerator<DownloadItem> {
    for await (const item of readItems(db.orm, downloadId)) {
      countItem(parts, item);
      yield item;
    }
  }

  const requestedBy = { name: requester.name, email: requester.email };
  const manifest = await manifestJson({ downloadId, name, requestedBy, createdAt }, countedItems());
  return {
    parts: parts.sort((a, b) => a.number - b.number),
    facts,
    manifest,
    terms,
  };
}

function countItem(parts: BundlePlan['parts'], { part: number, entries }: DownloadItem): void {
  if (number === null) return;
  let part = parts.find((known) => known.number === number);
  if (part === undefined) {
    part = { number, entries: 0, bytes: 0 };
    parts.push(part);
  }
  part.entries += entries.length;
  for (const { size } of entries) part.bytes += size ?? 0;
}
