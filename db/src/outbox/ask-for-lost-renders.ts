import { sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import { listUnrenderedAssets } from '../catalogue/list-unrendered-assets.ts';
import type { Executor } from '../database.ts';
import { outbox } from '../schema/jobs.ts';

/**
 * Asks again for the rendering of assets that have waited for it since `before`: the queue may have lost their job.
 * In a transaction. Returns for how many.
 */
export async function askForLostRenders(
  tx: Executor,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const assetIds = await listUnrenderedAssets(tx, before, limit);
  if (assetIds.length === 0) return 0;
  const asked = await tx
    .select({ assetId: sql<string>`${outbox.payload} ->> 'assetId'` })
    .from(outbox)
    .where(sql`${outbox.job} = 'render'`);
  const known = new Set(asked.map(({ assetId }) => assetId));
  const lost = assetIds.filter((assetId) => !known.has(assetId));
  await addToOutbox(
    tx,
    lost.map((assetId) => ({ job: 'render', jobId: `render-${assetId}`, payload: { assetId }, requesterId: null })),
  );
  return lost.length;
}
