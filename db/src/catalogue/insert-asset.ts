import { AppError } from '@sheaf/domain/app-error';
import type { AssetStatus } from '@sheaf/domain/asset';
import type { RenditionKind } from '@sheaf/domain/rendition';
import { sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import { constraintViolation } from '../constraint-violation.ts';
import type { Executor } from '../database.ts';
import { assets, renditions } from '../schema/catalogue.ts';
import { newId } from '../schema/columns.ts';
import { findPlace } from './find-place.ts';
import { unknownLicence } from './unknown-licence.ts';

export interface NewAsset {
  title: string;
  /** `/`-separated, without leading or trailing slash; empty for the root. */
  folder: string;
  fileName: string;
  status: AssetStatus;
  expiresAt: Date | null;
  licenceId: string | null;
  modifiedAt: Date;
  createdBy: string | null;
  /** The blob must be recorded already. Width and height in pixels, as the picture is shown. */
  original: { sha256: string; mediaType: string; width: number | null; height: number | null };
  /** Renditions that a `render` job is to make. */
  pending: { kind: Exclude<RenditionKind, 'original'>; name: string; mediaType: string; fileName: string }[];
}

export type InsertedAsset =
  | { created: true; assetId: string }
  /** The place (folder and file name) is taken, by an asset whose original has this SHA-256. */
  | { created: false; assetId: string; originalSha256: string | null };

/**
 * Adds an asset with its original, its renditions to be made and the job that makes them, unless its place is taken.
 * Call it inside a transaction. Throws `input.invalid` when there is no such licence.
 */
export async function insertAsset(tx: Executor, asset: NewAsset): Promise<InsertedAsset> {
  const { original, pending, ...facts } = asset;
  const assetId = newId();
  const place = { target: [assets.folder, assets.fileName], where: sql`${assets.deletedAt} is null` };
  const inserted = await tx
    .insert(assets)
    .values({ ...facts, id: assetId, mediaType: original.mediaType })
    .onConflictDoNothing(place)
    .returning({ id: assets.id })
    .catch((error) => {
      throw constraintViolation(error)?.kind === 'reference' ? unknownLicence(facts.licenceId, error) : error;
    });
  if (inserted.length === 0) {
    const taken = await findPlace(tx, facts);
    if (taken === null)
      throw new AppError('resource.conflict', 'The place of the asset was taken a moment ago.', { retryable: true });
    return { created: false, assetId: taken.assetId, originalSha256: taken.sha256 };
  }

  const originalRow = {
    id: newId(),
    assetId,
    kind: 'original' as const,
    name: 'original',
    state: 'ready' as const,
    mediaType: original.mediaType,
    fileName: facts.fileName,
    width: original.width,
    height: original.height,
    blobSha256: original.sha256,
  };
  const pendingRows = pending.map((rendition) => ({ id: newId(), assetId, state: 'pending' as const, ...rendition }));
  await tx.insert(renditions).values([originalRow, ...pendingRows]);
  if (pendingRows.length > 0) {
    await addToOutbox(tx, [
      { job: 'render', jobId: `render-${assetId}`, payload: { assetId }, requesterId: null, priority: 6 },
    ]);
  }
  return { created: true, assetId };
}
