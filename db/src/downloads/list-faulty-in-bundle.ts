import type { AssetStatus } from '@sheaf/domain/asset';
import type { BlobFault } from '@sheaf/domain/rendition';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { assets } from '../schema/catalogue.ts';

/** An asset in a bundle of which a stored file cannot be had. */
export interface FaultyAsset {
  position: number;
  fault: BlobFault;
  /** Null where the asset has been deleted. */
  status: AssetStatus | null;
  expiresAt: Date | null;
}

/**
 * The assets of a bundle with a faulty file, in the order of the request, where the bundle is streamed: what is packed has
 * its own copy of the bytes.
 */
export async function listFaultyInBundle(executor: Executor, downloadId: string): Promise<FaultyAsset[]> {
  const rows = await executor.execute<{
    position: number;
    fault: BlobFault;
    status: AssetStatus | null;
    expiresAt: string | null;
  }>(sql`
    select distinct on (item.position) item.position, blob.fault, asset.status, asset.expires_at as "expiresAt"
    from download_items item
    cross join lateral jsonb_to_recordset(item.entries) as entry(sha256 text)
    join blobs blob on blob.sha256 = entry.sha256 and blob.fault is not null
    left join ${assets} asset on asset.id = item.asset_id and asset.deleted_at is null
    where item.download_id = ${downloadId}::uuid and item.outcome = 'included'
      and exists (
        select from bundle_parts part where part.download_id = item.download_id and part.delivery = 'streamed'
      )
    order by item.position`);
  return rows.map(({ expiresAt, ...row }) => ({ ...row, expiresAt: expiresAt === null ? null : new Date(expiresAt) }));
}
