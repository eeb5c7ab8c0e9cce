import { sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import type { Executor } from '../database.ts';

/**
 * Asks for the renditions again that failed because their original could not be read, of assets whose original can be
 * had by now, however that came about. In a transaction. Returns for how many assets.
 */
export async function reopenRenditions(tx: Executor, limit: number): Promise<number> {
  const rows = await tx.execute<{ assetId: string }>(sql`
    with healed as (
      select distinct failed.asset_id
      from renditions failed
      join assets on assets.id = failed.asset_id and assets.deleted_at is null
      join renditions original on original.asset_id = failed.asset_id and original.kind = 'original'
      join blobs on blobs.sha256 = original.blob_sha256 and blobs.fault is null
      where failed.original_unreadable and failed.state = 'failed'
      order by failed.asset_id
      limit ${limit}
    ), reopened as (
      update renditions set state = 'pending', error = null, original_unreadable = false
      from healed
      where renditions.asset_id = healed.asset_id and renditions.original_unreadable and renditions.state = 'failed'
      returning renditions.asset_id
    )
    select distinct asset_id as "assetId" from reopened`);
  await addToOutbox(
    tx,
    rows.map(({ assetId }) => ({ job: 'render', jobId: `render-${assetId}`, payload: { assetId }, requesterId: null })),
  );
  return rows.length;
}
