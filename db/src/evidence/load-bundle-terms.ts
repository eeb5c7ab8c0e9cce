import { and, eq, isNotNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type BundleLicence, listBundleLicences } from '../downloads/list-bundle-licences.ts';
import { assets } from '../schema/catalogue.ts';
import { downloadItems } from '../schema/downloads.ts';
import { type CountedAcceptance, loadCountedAcceptances } from './load-counted-acceptances.ts';

/** The terms that a bundle is handed out under. */
export interface BundleTerms {
  /** In a fixed order. */
  licences: BundleLicence[];
  /** Licence of each included asset that has one. */
  licenceOf: ReadonlyMap<string, string>;
  /** The requester's. */
  accepted: CountedAcceptance[];
}

/** The terms of a download's included assets, and how they were accepted; consistent where the executor's reads are. */
export async function loadBundleTerms(
  executor: Executor,
  { downloadId, userId }: { downloadId: string; userId: string },
): Promise<BundleTerms> {
  const licences = await listBundleLicences(executor, downloadId);
  const rows = await executor
    .select({ assetId: downloadItems.assetId, licenceId: assets.licenceId })
    .from(downloadItems)
    .innerJoin(assets, eq(assets.id, downloadItems.assetId))
    .where(
      and(eq(downloadItems.downloadId, downloadId), eq(downloadItems.outcome, 'included'), isNotNull(assets.licenceId)),
    );
  const licenceIds = licences.map(({ id }) => id);
  return {
    licences,
    licenceOf: new Map(rows.map(({ assetId, licenceId }) => [assetId, licenceId!])),
    accepted: await loadCountedAcceptances(executor, { downloadId, userId, licenceIds }),
  };
}
