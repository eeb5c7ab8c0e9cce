import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { assets, blobs, renditions } from '../schema/catalogue.ts';

/** Who is at a place of the catalogue. */
export interface OccupiedPlace {
  assetId: string;
  /** Of the original; null should it have none. */
  sha256: string | null;
  /** Bytes of the original. */
  size: number | null;
}

/** The living asset at a place, with the facts of its original; null where the place is free. */
export async function findPlace(
  executor: Executor,
  { folder, fileName }: { folder: string; fileName: string },
): Promise<OccupiedPlace | null> {
  const [row] = await executor
    .select({ assetId: assets.id, sha256: blobs.sha256, size: blobs.size })
    .from(assets)
    .leftJoin(renditions, and(eq(renditions.assetId, assets.id), eq(renditions.kind, 'original')))
    .leftJoin(blobs, eq(blobs.sha256, renditions.blobSha256))
    .where(and(eq(assets.folder, folder), eq(assets.fileName, fileName), isNull(assets.deletedAt)));
  return row ?? null;
}
