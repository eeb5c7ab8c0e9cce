import type { Asset } from './asset.ts';
import { expectedSize } from './expected-size.ts';
import type { ImageFormat } from './image-parameters.ts';
import type { Derivative, RenditionDefinition } from './image-preset.ts';
import type { BlobFacts, Rendition } from './rendition.ts';

/** What identifies a derivative: one original's bytes and one set of parameters. */
export function derivativeKey(originalSha256: string, parametersKey: string): string {
  return `${originalSha256}/${parametersKey}`;
}

const files: Record<ImageFormat, { mediaType: string; extension: string }> = {
  jpeg: { mediaType: 'image/jpeg', extension: 'jpg' },
  png: { mediaType: 'image/png', extension: 'png' },
  webp: { mediaType: 'image/webp', extension: 'webp' },
  avif: { mediaType: 'image/avif', extension: 'avif' },
  tiff: { mediaType: 'image/tiff', extension: 'tif' },
};

/** An original that presets apply to: a picture of known size. */
export interface PictureOriginal extends Rendition {
  width: number;
  height: number;
  blob: BlobFacts;
}

/** The asset's original where renditions can be made from it on demand; null for anything but stored pictures of known size. */
export function pictureOriginal({ renditions }: Pick<Asset, 'renditions'>): PictureOriginal | null {
  return renditions.find(isPictureOriginal) ?? null;
}

function isPictureOriginal(rendition: Rendition): rendition is PictureOriginal {
  const { kind, mediaType, width, height, blob } = rendition;
  return kind === 'original' && mediaType.startsWith('image/') && width !== null && height !== null && blob !== null;
}

/**
 * Rule 2: the dynamic and smart-crop renditions of an asset, in the order of the definitions: one for each of them when
 * the original is a picture, none otherwise. They are computed, not stored: `idOf` names them, and `derivatives` (by
 * `derivativeKey`) says what has been rendered. One that has not is `pending`, with the size that it will have, and a
 * `sourceFault` where its original's bytes are gone. Callers pass the definitions of approved presets only (rule 5).
 */
export function dynamicRenditions(
  asset: Pick<Asset, 'id' | 'renditions'>,
  definitions: readonly RenditionDefinition[],
  derivatives: ReadonlyMap<string, Derivative>,
  idOf: (presetId: string, name: string, parametersKey: string) => string,
): Rendition[] {
  const original = pictureOriginal(asset);
  if (original === null) return [];
  const stem = original.fileName.replace(/(?<=.)\.[^.]*$/su, '');
  return definitions.map((definition): Rendition => {
    const { presetId, kind, name, title, parameters, parametersKey } = definition;
    const { mediaType, extension } = files[parameters.format];
    const derivative = derivatives.get(derivativeKey(original.blob.sha256, parametersKey));
    const state = derivative?.state ?? 'pending';
    // A drawing is as sharp at any size, so that it is always drawn as large as asked for.
    const enlarge = parameters.enlarge || original.mediaType === 'image/svg+xml';
    const expected = expectedSize(original, { ...parameters, enlarge });
    return {
      id: idOf(presetId, name, parametersKey),
      assetId: asset.id,
      kind,
      name,
      title,
      presetId,
      state,
      mediaType,
      fileName: `${stem}-${name}.${extension}`,
      width: derivative?.width ?? expected.width,
      height: derivative?.height ?? expected.height,
      blob: derivative?.state === 'ready' ? derivative.blob : null,
      ...(state === 'pending' && original.blob.fault !== null && { sourceFault: original.blob.fault }),
    };
  });
}
