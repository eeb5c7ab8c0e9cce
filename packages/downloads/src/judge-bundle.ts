import type { OutcomeJson } from '@sheaf/contract/outcome';
import { loadLicences } from '@sheaf/db/catalogue/load-licences';
import type { Executor } from '@sheaf/db/database';
import { groupBundledAssets } from '@sheaf/db/downloads/group-bundled-assets';
import { listDownloadItemsAt } from '@sheaf/db/downloads/list-download-items';
import { listFaultyInBundle } from '@sheaf/db/downloads/list-faulty-in-bundle';
import { loadAcceptances } from '@sheaf/db/downloads/load-acceptances';
import { listApprovedPresets } from '@sheaf/db/presets/list-approved-presets';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { Actor } from '@sheaf/domain/actor';
import { canSeeAsset } from '@sheaf/domain/asset-visibility';
import { contentEnd } from '@sheaf/domain/bundle-expiry';
import { judgeBundled } from '@sheaf/domain/judge-bundled';
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

export interface BundleVerdict {
  /** Null when the bundle may be sent. */
  refused: RefusedInBundle | null;
  /** When the first of its assets or their licences ends that has not ended yet: to be judged again then at the latest. */
  contentEndsAt: Date | null;
}

/**
 * Decides the owner's rights to everything in a bundle afresh, by the same rule that every GET of a single file is
 * judged by. Nothing is cached: a licence withdrawn or an asset taken back a moment ago counts. Faulty files count where
 * the bundle is streamed from them.
 */
export async function judgeBundle(
  executor: Executor,
  { downloadId, owner, now }: BundleOfOwner,
): Promise<BundleVerdict> {
  const [groups, { configuration: visibility }] = await Promise.all([
    groupBundledAssets(executor, downloadId, now),
    readVisibility(executor),
  ]);
  const licenceIds = groups.flatMap(({ licenceId }) => licenceId ?? []);
  const presetIds = groups.flatMap(({ files }) => files.flatMap(({ presetId }) => presetId ?? []));
  const [licences, acceptances, approvedPresets] = await Promise.all([
    loadLicences(executor, licenceIds),
    loadAcceptances(executor, owner.id, [...new Set(licenceIds)], { downloadId }),
    listApprovedPresets(executor, [...new Set(presetIds)]),
  ]);
  const reasonOf = judgeBundled({ owner, downloadId, licences, acceptances, approvedPresets, visibility, now });
  const refusedByRule = groups.flatMap((group) => {
    const reason = reasonOf(group);
    return reason === null ? [] : [{ ...group, reason }];
  });
  const refused = refusedByRule.length > 0 ? refusedByRule : await refusedByFault(executor, downloadId);
  const contentEndsAt = contentEnd(
    groups.map((asset) => ({ asset })),
    licences,
    now,
  );
  if (refused.length === 0) return { refused: null, contentEndsAt };

  // Anybody may hold the link: what an ordinary requester cannot see is not named, whoever the bundle belongs to.
  const reader: Actor = { ...owner, role: 'requester' };
  const told = new Map(
    refused.flatMap(({ positions, reason, status, expiresAt }) => {
      const named = status !== null && canSeeAsset({ status, expiresAt }, reader, visibility, now);
      return positions.map((at) => [at, { reason, named }] as const);
    }),
  );
  const items = await listDownloadItemsAt(executor, downloadId, [...told.keys()]);
  const outcomes = items.map((item) => {
    const { reason, named } = told.get(item.position)!;
    const shown = named ? item : { ...item, title: '', renamed: false };
    return outcomeJson({ ...shown, outcome: 'excluded', reason, entries: [] });
  });
  return { refused: { assets: refused.reduce((sum, { count }) => sum + count, 0), outcomes }, contentEndsAt };
}

/** One asset at a time, like groups of one. */
async function refusedByFault(executor: Executor, downloadId: string) {
  const faulty = await listFaultyInBundle(executor, downloadId);
  return faulty.map(({ position, fault, ...asset }) => ({
    ...asset,
    count: 1,
    positions: [position],
    reason: `blob.${fault}` as const,
  }));
}
