import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import { AppError } from '@sheaf/domain/app-error';
import type { DownloadRequest } from '@sheaf/domain/download-request';

type FieldError = { path: string; message: string };

/**
 * A request with a value for everything. Ids are compared as the database compares them, whatever the case of their
 * letters. Throws `input.invalid` for an asset that is named twice, and for renditions chosen by their ids of anything
 * but one asset (rule 2).
 */
export function toDownloadRequest(body: DownloadRequestJson, now: Date): DownloadRequest {
  const assetIds = lowerCase(body.assetIds);
  const errors = [...selectionErrors(body, assetIds)];
  if (errors.length > 0) throw new AppError('input.invalid', 'The selection is not valid.', { detail: { errors } });
  return {
    // One line of text: it goes into file names and subjects.
    name: body.name?.replaceAll(/\p{Cc}+/gu, ' ').trim() || `Download of ${now.toISOString().slice(0, 10)}`,
    assetIds,
    renditions: body.renditions ?? 'originals',
    renditionIds: body.renditionIds ? [...new Set(lowerCase(body.renditionIds))] : null,
    renditionNames: body.renditionNames ? [...new Set(body.renditionNames)] : null,
    layout: body.layout ?? 'flat',
    format: body.format ?? 'zip',
    compression: body.compression ?? 'store',
    partSize: body.partSize ?? null,
    acceptLicences: (body.acceptLicences ?? []).map(({ licenceId, sha256 }) => ({
      licenceId: licenceId.toLowerCase(),
      sha256,
    })),
    withoutLicences: lowerCase(body.withoutLicences ?? []),
    expiredAssets: body.expiredAssets ?? 'exclude',
    unavailable: body.unavailable ?? 'fail',
    notify: { email: body.notify?.email ?? null, to: body.notify?.to ?? [] },
  };
}

function* selectionErrors(body: DownloadRequestJson, assetIds: readonly string[]): Generator<FieldError> {
  if (new Set(assetIds).size < assetIds.length) {
    yield { path: '/assetIds', message: 'must not name an asset more than once' };
  }
  if (!body.renditionIds) return;
  if (assetIds.length !== 1) yield { path: '/renditionIds', message: 'must go with exactly one asset' };
  if (body.renditionNames) yield { path: '/renditionNames', message: 'must not go with renditionIds' };
}

function lowerCase(ids: readonly string[]): string[] {
  return ids.map((id) => id.toLowerCase());
}
