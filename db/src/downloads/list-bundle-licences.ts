import { and, asc, eq, inArray, type SQL } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { isAnyOf } from '../is-any-of.ts';
import { assets, blobs, licences } from '../schema/catalogue.ts';
import { downloadItems } from '../schema/downloads.ts';

/** Terms that go into a bundle: those of the licences of its assets. */
export interface BundleLicence {
  id: string;
  title: string;
  /** Of the document. */
  version: number;
  document: { sha256: string; size: number; crc32: number; fault: 'missing' | 'corrupt' | null };
}

/**
 * The licences of a download's included assets, in a fixed order. One without a document includes no asset. They are
 * told apart by their ids before they are looked up: there are some dozen for tens of thousands of assets.
 */
export async function listBundleLicences(executor: Executor, downloadId: string): Promise<BundleLicence[]> {
  const ids = executor
    .selectDistinct({ id: assets.licenceId })
    .from(downloadItems)
    .innerJoin(assets, eq(assets.id, downloadItems.assetId))
    .where(and(eq(downloadItems.downloadId, downloadId), eq(downloadItems.outcome, 'included')));
  return selectLicences(executor, inArray(licences.id, ids));
}

/** The same where it is known which licences those are. */
export async function findBundleLicences(executor: Executor, licenceIds: readonly string[]): Promise<BundleLicence[]> {
  return licenceIds.length === 0 ? [] : selectLicences(executor, isAnyOf(licences.id, licenceIds));
}

async function selectLicences(executor: Executor, condition: SQL): Promise<BundleLicence[]> {
  return executor
    .select({
      id: licences.id,
      title: licences.title,
      version: licences.version,
      document: { sha256: blobs.sha256, size: blobs.size, crc32: blobs.crc32, fault: blobs.fault },
    })
    .from(licences)
    .innerJoin(blobs, eq(blobs.sha256, licences.documentSha256))
    .where(condition)
    .orderBy(asc(licences.title), asc(licences.id));
}
