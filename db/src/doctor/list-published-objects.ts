import type { BlobFault } from '@sheaf/domain/rendition';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bundleParts } from '../schema/bundles.ts';
import { downloads } from '../schema/downloads.ts';

/** A stored object that a ready download is delivered from. */
export interface PublishedObject {
  downloadId: string;
  number: number;
  objectKey: string;
  /** Bytes of the object: of the whole archive, or of the rest of it that follows its streamed content. */
  size: number;
  /** Of the object; null where nobody has read it from end to end. */
  sha256: string | null;
  /** As far as it is known: its links refuse. */
  fault: BlobFault | null;
}

/** The objects that must be stored, in the order of their downloads' ids, after a given one. */
export async function listPublishedObjects(
  executor: Executor,
  { after, limit }: { after: Pick<PublishedObject, 'downloadId' | 'number'> | null; limit: number },
): Promise<PublishedObject[]> {
  const place = sql`(${bundleParts.downloadId}, ${bundleParts.number})`;
  return executor
    .select({
      downloadId: bundleParts.downloadId,
      number: bundleParts.number,
      objectKey: bundleParts.objectKey,
      size: sql<number>`(${bundleParts.size} - coalesce(
        (select content_size from bundles b where b.id = ${bundleParts.bundleId}), 0))::float8`,
      sha256: sql<string | null>`case when ${bundleParts.bundleId} is null then ${bundleParts.sha256} end`,
      fault: bundleParts.fault,
    })
    .from(bundleParts)
    .innerJoin(downloads, eq(downloads.id, bundleParts.downloadId))
    .where(
      and(
        eq(downloads.state, 'ready'),
        after === null ? undefined : sql`${place} > (${after.downloadId}::uuid, ${after.number}::int)`,
      ),
    )
    .orderBy(asc(bundleParts.downloadId), asc(bundleParts.number))
    .limit(limit);
}
