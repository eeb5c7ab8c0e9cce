import type { BlobFacts } from '@sheaf/domain/rendition';
import { asc, inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';

/** What is recorded about these blobs, in the order of their names. */
export async function findBlobs(executor: Executor, sha256s: readonly string[]): Promise<BlobFacts[]> {
  if (sha256s.length === 0) return [];
  return executor
    .select({ sha256: blobs.sha256, size: blobs.size, crc32: blobs.crc32, fault: blobs.fault })
    .from(blobs)
    .where(inArray(blobs.sha256, [...sha256s]))
    .orderBy(asc(blobs.sha256));
}
