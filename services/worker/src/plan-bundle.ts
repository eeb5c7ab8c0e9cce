import type { BlobEntry } from '@sheaf/archive/archive-entry';
import type { BundleItem } from '@sheaf/db/evidence/list-bundle-items';
import { loadBundleEvidence } from '@sheaf/db/evidence/load-bundle-evidence';
import type { BundleTerms } from '@sheaf/db/evidence/load-bundle-terms';
import type { ReceiptFacts } from '@sheaf/db/evidence/load-receipt-facts';
import { AppError } from '@sheaf/domain/app-error';
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

/** Throws `resource.not_found`, and `internal` where an entry has no file. */
export async function planBundle(deps: Pick<WorkerDeps, 'db'>, downloadId: string): Promise<BundlePlan> {
  const plan = await planWhereRendered(deps, downloadId);
  if (plan === null) throw new AppError('internal', 'A frozen entry has no file.');
  return plan;
}

/**
 * All parts are written by one plan: items, licences and acceptances are read once, as of one moment, so that no part tells
 * of other terms than another. Null where an entry is still to be rendered. `onContent` is told of the content as it is
 * found. Throws `resource.not_found`.
 */
export async function planWhereRendered(
  { db }: Pick<WorkerDeps, 'db'>,
  downloadId: string,
  onContent: (content: BlobEntry[]) => void = () => {},
): Promise<BundlePlan | null> {
  return loadBundleEvidence(db, downloadId, async ({ facts, items, termsOf }) => {
    const { name, requester, createdAt } = facts;
    const parts = new Map<number, PlannedPart>();
    const licenceOf = new Map<string, string>();
    const licenceIds = new Map<string, string>();
    let isRendered = true;

    async function* plannedItems(): AsyncGenerator<BundleItem[]> {
      for await (const page of items) {
        const found: BlobEntry[] = [];
        for (const item of page) {
          if (item.outcome !== 'included') continue;
          // The same text for all that are under it: there are tens of thousands.
          const licenceId = item.licenceId && (licenceIds.get(item.licenceId) ?? item.licenceId);
          if (licenceId !== null) {
            licenceIds.set(licenceId, licenceId);
            licenceOf.set(item.assetId, licenceId);
          }
          const content = contentOf(item);
          if (content === null) isRendered = false;
          else {
            addToPart(parts, item, { content, licenceId });
            found.push(...content);
          }
        }
        onContent(found);
        yield page;
      }
    }

    const requestedBy = { name: requester.name, email: requester.email };
    const manifest = await manifestJson({ downloadId, name, requestedBy, createdAt }, plannedItems());
    if (!isRendered) return null;
    return {
      parts: [...parts.values()].sort((a, b) => a.number - b.number),
      facts,
      manifest,
      terms: { ...(await termsOf([...licenceIds.keys()])), licenceOf },
    };
  });
}

/** The files of an item; null where one is still to be rendered. */
function contentOf({ entries }: BundleItem): BlobEntry[] | null {
  const content: BlobEntry[] = [];
  for (const entry of entries) {
    const found = contentEntry(entry);
    if (found === null) return null;
    content.push(found);
  }
  return content;
}

function addToPart(
  parts: Map<number, PlannedPart>,
  { part: number, assetId, title }: BundleItem,
  { content, licenceId }: { content: readonly BlobEntry[]; licenceId: string | null },
): void {
  if (number === null) return;
  let part = parts.get(number);
  if (part === undefined) {
    part = { number, entries: 0, bytes: 0, content: [], assets: [] };
    parts.set(number, part);
  }
  part.assets.push({ assetId, title, licenceId });
  part.entries += content.length;
  for (const entry of content) {
    part.content.push(entry);
    part.bytes += entry.blob.size;
  }
}
