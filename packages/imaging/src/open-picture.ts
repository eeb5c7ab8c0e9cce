import sharp, { type Sharp } from 'sharp';

// Every picture is decoded once, so that nothing would be found again in libvips' cache; and one thread for each keeps
// memory and cores for the jobs that run side by side.
sharp.cache(false);
sharp.concurrency(1);

/** Most pixels of a picture: 268 megapixels (16,384 by 16,384). More is refused before anything is decoded. */
export const maxPixels = 0x4000 * 0x4000;

/** A picture that takes longer than this to decode is given up. */
const maxSeconds = 120;

export interface OpenPictureOptions {
  /** Dots per inch at which a vector picture is drawn; 72 draws it at its own size. */
  density?: number | undefined;
}

/**
 * A pipeline over the bytes of a picture, or over the file at a path: its first frame or page, turned as its EXIF
 * orientation says. It fails where the bytes end early, and on more than `maxPixels`.
 */
export function openPicture(source: Buffer | string, { density }: OpenPictureOptions = {}): Sharp {
  return sharp(source, {
    failOn: 'truncated',
    limitInputPixels: maxPixels,
    sequentialRead: true,
    autoOrient: true,
    ...(density === undefined ? {} : { density }),
  }).timeout({ seconds: maxSeconds });
}
