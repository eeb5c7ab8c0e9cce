import type { BlobEntry } from '@sheaf/archive/archive-entry';
import type { BundleItem } from '@sheaf/db/evidence/list-bundle-items';
import { loadBundleEvidence } from '@sheaf/db/evidence/load-bundle-evidence';
import type { BundleTerms } from '@sheaf/db/evidence/load-bundle-terms';
import type { ReceiptFacts } from '@sheaf/db/evidence/load-receipt-facts';
import type { ReceiptAsset } from '@sheaf/evidence/receipt';
import { contentEntry } from './bundle-entries.ts';
import { manifestJson } from './manifest.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** One archive of a download. */
export interface PlannedPart {
  number: number;
  entries: number;
  /** Of content. */
  bytes: number;
  /** None of Sheaf's own files. */
  content: BlobEntry[];
  /** Those whose files these are. */
  assets: ReceiptAsset[];
}

/** What the frozen items of a download come to. */
export interface BundlePlan {
  /** By number, without gaps; each in the order of the request. */
  parts: PlannedPart[];
  facts: ReceiptFacts;
  /** `manifest.json`: the same in each part. */
  manifest: Buffer;
  /** What each part tells of licences, whose documents it holds. */
  terms: BundleTerms & {
    /** Licence of each included asset that has one. */
    licenceOf: ReadonlyMap<string, string>;
  };
}

/**
 * All parts are written by one plan: items, licences and acceptances are read once, as of one moment, so that no part tells
 * of other terms than another. Throws `resource.not_found`.
 */
export async function planBundle({ db }: Pick<WorkerDeps, 'db'>, downloadId: string): Promise<BundlePlan> {
  return loadBundleEvidence(db, downloadId, async ({ facts, items, termsOf }) => {
    const { name, requester, createdAt } = facts;
    const parts = new Map<number, PlannedPart>();
    const licenceOf = new Map<string, string>();
    const licenceIds = new Map<string, string>();

    async function* plannedItems(): AsyncGenerator<BundleItem[]> {
      for await (const page of items) {
        for (const item of page) {
          if (item.outcome !== 'included') continue;
          // The same text for all that are under it: there are tens of thousands.
          const licenceId = item.licenceId && (licenceIds.get(item.licenceId) ?? item.licenceId);
          if (licenceId !== null) {
            licenceIds.set(licenceId, licenceId);
            licenceOf.set(item.assetId, licenceId);
          }
          addToPart(parts, { ...item, licenceId });
        }
        yield page;
      }
    }

    const requestedBy = { name: requester.name, email: requester.email };
    const manifest = await manifestJson({ downloadId, name, requestedBy, createdAt }, plannedItems());
    return {
      parts: [...parts.values()].sort((a, b) => a.number - b.number),
      facts,
      manifest,
      terms: { ...(await termsOf([...licenceIds.keys()])), licenceOf },
    };
  });
}

function addToPart(parts: Map<number, PlannedPart>, item: BundleItem): void {
  const { part: number, entries, assetId, title, licenceId } = item;
  if (number === null) return;
  let part = parts.get(number);
  if (part === undefined) {
    part = { number, entries: 0, bytes: 0, content: [], assets: [] };
    parts.set(number, part);
  }
  part.assets.push({ assetId, title, licenceId });
  part.entries += entries.length;
  for (const entry of entries) {
    const planned = contentEntry(entry);
    part.content.push(planned);
    part.bytes += planned.blob.size;
  }
}
