import { and, asc, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
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

/** The licences of a download's included assets, in a fixed order. One without a document includes no asset. */
export async function listBundleLicences(executor: Executor, downloadId: string): Promise<BundleLicence[]> {
  return executor
    .selectDistinct({
      id: licences.id,
      title: licences.title,
      version: licences.version,
      document: { sha256: blobs.sha256, size: blobs.size, crc32: blobs.crc32, fault: blobs.fault },
    })
    .from(downloadItems)
    .innerJoin(assets, eq(assets.id, downloadItems.assetId))
    .innerJoin(licences, eq(licences.id, assets.licenceId))
    .innerJoin(blobs, eq(blobs.sha256, licences.documentSha256))
    .where(and(eq(downloadItems.downloadId, downloadId), eq(downloadItems.outcome, 'included')))
    .orderBy(asc(licences.title), asc(licences.id));
}
