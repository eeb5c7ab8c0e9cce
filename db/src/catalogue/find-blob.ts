import type { BlobFacts } from '@sheaf/domain/rendition';
import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';

/** What is recorded about stored bytes; null when nothing is. */
export async function findBlob(executor: Executor, sha256: string): Promise<BlobFacts | null> {
  const [row] = await executor
    .select({ sha256: blobs.sha256, size: blobs.size, crc32: blobs.crc32, fault: blobs.fault })
    .from(blobs)
    .where(eq(blobs.sha256, sha256));
  return row ?? null;
}
