import type { BlobFault } from '@sheaf/domain/rendition';
import { eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';

/** Notes what a look at a blob that had a fault has found; with null it has none any more. See `recordBlobFault`. */
export async function markBlobFault(executor: Executor, sha256: string, fault: BlobFault | null): Promise<void> {
  await executor.update(blobs).set({ fault, faultCheckedAt: sql`now()` }).where(eq(blobs.sha256, sha256));
}
