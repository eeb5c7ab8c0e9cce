import { nameStem } from './name-stem.ts';

export type StaticFormat = 'jpeg' | 'png';

export interface StaticRendition {
  name: string;
  /** Pixels of the longer side, as the picture is shown; smaller pictures are not enlarged. */
  longestSide: number;
}

/** What every picture gets at ingest, smallest first. */
export const staticRenditions: readonly StaticRendition[] = [
  { name: 'thumbnail', longestSide: 319 },
  { name: 'web', longestSide: 1280 },
  { name: 'zoom', longestSide: 2048 },
];

/** JPEG quality of all static renditions, from 1 to 100. */
export const jpegQuality = 82;

/**
 * Opaque pictures become JPEG, pictures with an alpha channel PNG: between them, every program opens them and no
 * transparency is lost. WebP would be smaller, but the office and layout programs that these files go into may not
 * read it.
 */
export const staticFormat = (hasAlpha: boolean): StaticFormat => (hasAlpha ? 'png' : 'jpeg');

const fileTypes = {
  jpeg: { mediaType: 'image/jpeg', extension: 'jpg' },
  png: { mediaType: 'image/png', extension: 'png' },
} as const;

/** The static renditions of a picture that are to be made, named after its file: `boats-web.jpg`. */
export function plannedStaticRenditions(originalFileName: string, hasAlpha: boolean) {
  const { mediaType, extension } = fileTypes[staticFormat(hasAlpha)];
  const stem = nameStem(originalFileName);
  return staticRenditions.map(({ name }) => ({
    kind: 'static' as const,
    name,
    mediaType,
    fileName: `${stem}-${name}.${extension}`,
  }));
}
