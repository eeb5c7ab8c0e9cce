import type { OutcomeJson } from '@sheaf/contract/outcome';
import { loadLicences } from '@sheaf/db/catalogue/load-licences';
import type { Executor } from '@sheaf/db/database';
import { type BundledAssets, groupBundledAssets } from '@sheaf/db/downloads/group-bundled-assets';
import { listDownloadItemsAt } from '@sheaf/db/downloads/list-download-items';
import { loadAcceptances } from '@sheaf/db/downloads/load-acceptances';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { Actor } from '@sheaf/domain/actor';
import type { Asset } from '@sheaf/domain/asset';
import { mayReadRendition, type ReadingFacts } from '@sheaf/domain/asset-visibility';
import type { Reason } from '@sheaf/domain/outcome';
import type { Rendition, RenditionKind } from '@sheaf/domain/rendition';
import { outcomeJson } from './outcome-json.ts';

export interface BundleOfOwner {
  downloadId: string;
  owner: Actor;
  now: Date;
}

/** Assets of a bundle that its owner may no longer have. */
export interface RefusedInBundle {
  assets: number;
  /** The first few of each kind. */
  outcomes: OutcomeJson[];
}

/**
 * Decides the owner's rights to everything in a bundle afresh, by the same rule that every GET of a single file is
 * judged by. Null when the bundle may be sent. Nothing is cached: a licence withdrawn or an asset taken back a moment
 * ago counts. Faulty blobs do not: the bundle has its own copy of their bytes.
 */
export async function refusedInBundle(
  executor: Executor,
  { downloadId, owner, now }: BundleOfOwner,
): Promise<RefusedInBundle | null> {
  const [groups, { configuration: visibility }] = await Promise.all([
    groupBundledAssets(executor, downloadId, now),
    readVisibility(executor),
  ]);
  const licenceIds = groups.flatMap(({ licenceId }) => licenceId ?? []);
  const [licences, acceptances] = await Promise.all([
    loadLicences(executor, licenceIds),
    loadAcceptances(executor, owner.id, licenceIds),
  ]);
  const refused = groups.flatMap((group) => {
    const licence = (group.licenceId === null ? undefined : licences.get(group.licenceId)) ?? null;
    const reason = refusalOf(group, { actor: owner, licence, acceptances, visibility, now });
    return reason === null ? [] : [{ ...group, reason }];
  });
  if (refused.length === 0) return null;

  const reasons = new Map(refused.flatMap(({ positions, reason }) => positions.map((at) => [at, reason] as const)));
  const items = await listDownloadItemsAt(executor, downloadId, [...reasons.keys()]);
  return {
    assets: refused.reduce((sum, { count }) => sum + count, 0),
    outcomes: items.map((item) => {
      const reason = reasons.get(item.position) ?? null;
      // What may not be seen is no longer named either: anybody may hold the link.
      const shown = reason === 'asset.not_found' ? { ...item, title: '', renamed: false } : item;
      return outcomeJson({ ...shown, outcome: 'excluded', reason, entries: [] });
    }),
  };
}

type FactsForAll = Omit<ReadingFacts, 'asset' | 'rendition'>;

function refusalOf({ status, licenceId, expiresAt, kinds }: BundledAssets, facts: FactsForAll): Reason | null {
  if (status === null) return 'asset.not_found';
  const renditions = kinds.map(standIn);
  const asset: Asset = { ...anyAsset, status, licenceId, expiresAt, renditions };
  for (const rendition of renditions) {
    const verdict = mayReadRendition({ ...facts, asset, rendition });
    if (!verdict.allowed) return verdict.reason;
  }
  return null;
}

const anyAsset = { id: '', title: '', folder: '', modifiedAt: new Date(0) };

/** A file of that kind as the rules see it. Without a name, so that a thumbnail in a bundle is no exception. */
function standIn(kind: RenditionKind): Rendition {
  const blob = { sha256: '', size: 0, crc32: 0, fault: null };
  return {
    id: '',
    assetId: '',
    kind,
    name: '',
    state: 'ready',
    mediaType: '',
    fileName: '',
    width: null,
    height: null,
    blob,
  };
}
