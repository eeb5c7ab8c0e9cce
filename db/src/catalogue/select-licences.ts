import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs, licences } from '../schema/catalogue.ts';

/** `select … from licences` as `LicenceRecord`s, to be narrowed down. */
export function selectLicences(executor: Executor) {
  return executor
    .select({
      id: licences.id,
      title: licences.title,
      approved: licences.approved,
      sha256: licences.documentSha256,
      version: licences.version,
      expiresAt: licences.expiresAt,
      documentSize: blobs.size,
      createdAt: licences.createdAt,
      updatedAt: licences.updatedAt,
    })
    .from(licences)
    .leftJoin(blobs, eq(blobs.sha256, licences.documentSha256));
}
