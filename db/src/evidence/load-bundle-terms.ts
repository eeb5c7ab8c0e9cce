import type { Executor } from '../database.ts';
import { type BundleLicence, findBundleLicences } from '../downloads/list-bundle-licences.ts';
import { type CountedAcceptance, loadCountedAcceptances } from './load-counted-acceptances.ts';

/** The terms that a bundle is handed out under. */
export interface BundleTerms {
  /** In a fixed order. */
  licences: BundleLicence[];
  /** The requester's. */
  accepted: CountedAcceptance[];
}

/** The terms of a download's licences, and how they were accepted; consistent where the executor's reads are. */
export async function loadBundleTerms(
  executor: Executor,
  { downloadId, userId, licenceIds }: { downloadId: string; userId: string; licenceIds: readonly string[] },
): Promise<BundleTerms> {
  return {
    licences: await findBundleLicences(executor, licenceIds),
    accepted: await loadCountedAcceptances(executor, { downloadId, userId, licenceIds }),
  };
}
