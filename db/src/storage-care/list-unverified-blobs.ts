import type { BlobFacts } from '@sheaf/domain/rendition';
import { and, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';

export type UnverifiedBlob = Omit<BlobFacts, 'fault'>;

/** Blobs without a fault that nobody verified for so many days, those first that were not for longest. */
export async function listUnverifiedBlobs(
  executor: Executor,
  { days, limit }: { days: number; limit: number },
): Promise<UnverifiedBlob[]> {
  const since = sql`coalesce(verified_at, created_at)`;
  return executor
    .select({ sha256: blobs.sha256, size: blobs.size, crc32: blobs.crc32 })
    .from(blobs)
    .where(and(isNull(blobs.fault), sql`${since} < now() - ${days} * interval '1 day'`))
    .orderBy(since, blobs.sha256)
    .limit(limit);
}
