import type { ImageParametersJson } from '@sheaf/contract/preset';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { AppError } from '@sheaf/domain/app-error';
import { pictureOriginal } from '@sheaf/domain/dynamic-renditions';
import { previewParameters } from '@sheaf/domain/preview-parameters';
import type { ApiDeps } from '../api-deps.ts';
import { invalidInput } from '../schema-validator.ts';
import { openDerivative, type Patience } from './open-derivative.ts';
import type { PreviewFile } from './open-rendition-preview.ts';
import { checkedParameters } from './preset-definitions.ts';

/**
 * What parameters make of an asset, for administrators who judge a preset: a small picture, cut and toned as a preset
 * with these parameters would do it. No more than that, since it asks no rule and is no download: whoever wants the
 * file itself asks for a rendition.
 * Throws `input.invalid` for parameters that do not go together and for assets that are no pictures,
 * `resource.not_found`, and as `openDerivative` does.
 */
export async function openPresetPreview(
  deps: Pick<ApiDeps, 'db' | 'storage' | 'clock'>,
  { actorId, assetId, parameters: given }: { actorId: string; assetId: string; parameters: ImageParametersJson },
  patience: Patience,
): Promise<PreviewFile> {
  const parameters = previewParameters(checkedParameters(given));
  const asset = await findAsset(deps.db.orm, assetId);
  if (asset === null) throw new AppError('resource.not_found', 'There is no such asset.');
  const original = pictureOriginal(asset);
  if (original === null) throw invalidInput([{ path: '/assetId', message: 'is not the id of a picture' }]);
  const blob = await openDerivative(deps, { actorId, original, parameters, patience });
  return { blob, mediaType: `image/${parameters.format}` };
}
