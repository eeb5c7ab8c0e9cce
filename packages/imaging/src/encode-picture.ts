import type { ImageFormat, ImageParameters } from '@sheaf/domain/image-parameters';
import type { Sharp } from 'sharp';

/** Media type of each format. */
export const formatMediaType: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  tiff: 'image/tiff',
};

/** From this quality on, colours keep their full resolution. */
const fullColourQuality = 90;

/**
 * Sets the file format. Quality is from 1 to 100; null is sharp's default: 80 for JPEG and WebP, 50 for AVIF. A TIFF is
 * lossless (LZW) without a quality, and holds a JPEG with one.
 */
export function encodeAs(pipeline: Sharp, { format, quality }: Pick<ImageParameters, 'format' | 'quality'>): Sharp {
  const chosen = quality === null ? {} : { quality };
  switch (format) {
    case 'jpeg': {
      const isFull = quality !== null && quality >= fullColourQuality;
      return pipeline.jpeg({ ...chosen, ...(isFull ? { chromaSubsampling: '4:4:4' } : {}) });
    }
    case 'png':
      return pipeline.png();
    case 'webp':
      return pipeline.webp(chosen);
    case 'avif':
      return pipeline.avif(chosen);
    case 'tiff':
      return quality === null
        ? pipeline.tiff({ compression: 'lzw', predictor: 'horizontal' })
        : pipeline.tiff({ compression: 'jpeg', quality });
  }
}
