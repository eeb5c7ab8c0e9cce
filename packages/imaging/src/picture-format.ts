/** A picture format that renditions are made from, as sharp names it. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'heif' | 'svg';

/** Every one of them. */
export const renderedFormats: ReadonlySet<string> = new Set<PictureFormat>([
  'jpeg',
  'png',
  'webp',
  'gif',
  'tiff',
  'heif',
  'svg',
]);

const byMediaType: Readonly<Record<string, PictureFormat>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/apng': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/tiff': 'tiff',
  'image/avif': 'heif',
};

const byExtension: Readonly<Record<string, PictureFormat>> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  jpe: 'jpeg',
  jfif: 'jpeg',
  png: 'png',
  apng: 'png',
  webp: 'webp',
  gif: 'gif',
  tif: 'tiff',
  tiff: 'tiff',
  avif: 'heif',
  svg: 'svg',
};

/**
 * The format that a file's name promises (`extension`) or its first bytes show (`detected`, a media type); null where
 * neither says that it is a picture to render. Many cameras' raw files start like a TIFF, so that a TIFF counts only
 * under its own extension.
 */
export function claimedFormat(extension: string, detected: string | undefined): PictureFormat | null {
  const promised = byExtension[extension] ?? null;
  if (detected === undefined || isUnspecific(detected)) return promised;
  const shown = byMediaType[detected] ?? null;
  if (shown === 'tiff' && promised !== 'tiff') return null;
  // Bytes of another kind of picture (HEIC, PSD) make no false promise: they are kept as what they are.
  return shown ?? (detected.startsWith('image/') ? null : promised);
}

/** Types of mere containers, of which the extension says more. */
export function isUnspecific(mediaType: string): boolean {
  return ['application/xml', 'text/xml', 'application/zip', 'application/x-cfb'].includes(mediaType);
}
