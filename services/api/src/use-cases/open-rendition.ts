import { findRendition } from '@sheaf/db/catalogue/find-rendition';
import { loadLicences } from '@sheaf/db/catalogue/load-licences';
import type { Executor } from '@sheaf/db/database';
import { loadAcceptances } from '@sheaf/db/downloads/load-acceptances';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { mayReadRendition, visibleRenditions } from '@sheaf/domain/asset-visibility';
import { reasonText } from '@sheaf/domain/reason-text';
import type { BlobFacts, Rendition } from '@sheaf/domain/rendition';
import type { Storage } from '@sheaf/storage/file-storage';
import { checkStored } from './check-stored.ts';

export interface RenditionQuestion {
  actor: Actor;
  assetId: string;
  renditionId: string;
  now: Date;
}

/**
 * The rendition with its stored bytes, where every rule lets the actor have them. Throws `resource.not_found` for what
 * the actor may not even see, `auth.forbidden` with the reason for what is shown but kept back, and `blob.missing` or
 * `blob.corrupt` where the store does not have the bytes that were recorded.
 */
export async function openRendition(
  { executor, storage }: { executor: Executor; storage: Pick<Storage, 'blobs'> },
  { actor, assetId, renditionId, now }: RenditionQuestion,
): Promise<{ rendition: Rendition; blob: BlobFacts }> {
  const [found, { configuration: visibility }] = await Promise.all([
    findRendition(executor, assetId.toLowerCase(), renditionId.toLowerCase()),
    readVisibility(executor),
  ]);
  if (found === null) throw noSuchFile();
  const { asset, rendition } = found;
  if (!visibleRenditions(asset, actor, visibility, now).includes(rendition)) throw noSuchFile();

  const licenceIds = asset.licenceId === null ? [] : [asset.licenceId];
  const [licences, acceptances] = await Promise.all([
    loadLicences(executor, licenceIds),
    loadAcceptances(executor, actor.id, licenceIds),
  ]);
  const licence = asset.licenceId === null ? null : (licences.get(asset.licenceId) ?? null);
  const verdict = mayReadRendition({ asset, rendition, actor, licence, acceptances, visibility, now });
  if (!verdict.allowed) {
    const { reason } = verdict;
    if (reason === 'blob.missing' || reason === 'blob.corrupt') throw new AppError(reason, reasonText[reason]);
    throw new AppError('auth.forbidden', reasonText[reason], { detail: { reason } });
  }
  const { blob } = rendition;
  if (blob === null) throw new AppError('blob.missing', reasonText['blob.missing']);
  await checkStored({ executor, storage }, blob);
  return { rendition, blob };
}

function noSuchFile(): AppError {
  return new AppError('resource.not_found', 'There is no such file.');
}
