import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { loadDynamicRenditions } from '@sheaf/db/presets/load-dynamic-renditions';
import { requestDerivative } from '@sheaf/db/presets/request-derivative';
import { pictureOriginal } from '@sheaf/domain/dynamic-renditions';
import type { WorkerDeps } from './worker-deps.ts';

/**
 * The derivatives that stand for these renditions of an asset, as far as those still exist: to be made at once, so that
 * no job is asked for.
 */
export async function wantDerivatives(
  { db, clock }: Pick<WorkerDeps, 'db' | 'clock'>,
  { assetId, renditionIds }: { assetId: string; renditionIds: readonly string[] },
): Promise<string[]> {
  if (renditionIds.length === 0) return [];
  const asset = await findAsset(db.orm, assetId);
  const original = asset && pictureOriginal(asset);
  if (!asset || !original) return [];
  const now = clock();
  const wanted = (await loadDynamicRenditions(db.orm, asset, now)).filter(({ rendition }) =>
    renditionIds.includes(rendition.id),
  );
  const ids: string[] = [];
  for (const { definition } of wanted) {
    const derivative = await requestDerivative(
      db,
      {
        originalSha256: original.blob.sha256,
        mediaType: original.mediaType,
        parameters: definition.parameters,
        requestedBy: null,
        now,
      },
      { job: false },
    );
    ids.push(derivative.id);
  }
  return ids;
}
