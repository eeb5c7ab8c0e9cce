import type { BlobFacts, BlobFault } from '@sheaf/domain/rendition';
import { and, asc, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';

export interface FaultyBlob extends BlobFacts {
  fault: BlobFault;
}

/**
 * Blobs with a fault, those first that were not looked at for longest. A damaged one comes only when it was not looked
 * at for `corruptSeconds`: it takes reading all of it.
 */
export async function listFaultyBlobs(
  executor: Executor,
  { limit, corruptSeconds }: { limit: number; corruptSeconds: number },
): Promise<FaultyBlob[]> {
  const longAgo = lt(blobs.faultCheckedAt, sql`now() - ${corruptSeconds} * interval '1 second'`);
  const rows = await executor
    .select({ sha256: blobs.sha256, size: blobs.size, crc32: blobs.crc32, fault: blobs.fault })
    .from(blobs)
    .where(and(isNotNull(blobs.fault), or(eq(blobs.fault, 'missing'), isNull(blobs.faultCheckedAt), longAgo)))
    .orderBy(sql`${asc(blobs.faultCheckedAt)} nulls first`)
    .limit(limit);
  return rows as FaultyBlob[];
}
