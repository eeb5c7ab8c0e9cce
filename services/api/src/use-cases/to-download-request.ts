import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import { AppError } from '@sheaf/domain/app-error';
import type { DownloadRequest } from '@sheaf/domain/download-request';

/**
 * A request with a value for everything. Ids are compared as the database compares them, whatever the case of their
 * letters. Throws `input.invalid` for an asset that is named twice.
 */
export function toDownloadRequest(body: DownloadRequestJson, now: Date): DownloadRequest {
  const assetIds = body.assetIds.map((id) => id.toLowerCase());
  if (new Set(assetIds).size < assetIds.length) {
    throw new AppError('input.invalid', 'An asset is named more than once.', {
      detail: { errors: [{ path: '/assetIds', message: 'must not name an asset more than once' }] },
    });
  }
  return {
    // One line of text: it goes into file names and subjects.
    name: body.name?.replaceAll(/\p{Cc}+/gu, ' ').trim() || `Download of ${now.toISOString().slice(0, 10)}`,
    assetIds,
    renditions: body.renditions ?? 'originals',
    layout: body.layout ?? 'flat',
    format: body.format ?? 'zip',
    compression: body.compression ?? 'store',
    partSize: body.partSize ?? null,
    acceptLicences: (body.acceptLicences ?? []).map(({ licenceId, sha256 }) => ({
      licenceId: licenceId.toLowerCase(),
      sha256,
    })),
    expiredAssets: body.expiredAssets ?? 'exclude',
    unavailable: body.unavailable ?? 'fail',
    notify: { email: body.notify?.email ?? null, to: body.notify?.to ?? [] },
  };
}
