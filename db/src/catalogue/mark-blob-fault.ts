import type { BlobFault } from '@sheaf/domain/rendition';
import { eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';

/** Records that a blob's bytes were looked for and cannot be had, or with null that they can be had again. */
export async function markBlobFault(executor: Executor, sha256: string, fault: BlobFault | null): Promise<void> {
  await executor.update(blobs).set({ fault, faultCheckedAt: sql`now()` }).where(eq(blobs.sha256, sha256));
}
