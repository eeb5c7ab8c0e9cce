import sharp from 'sharp';
import { intoPlainSrgb } from './colour-space.ts';
import { openPicture } from './open-picture.ts';

/** Decoded pixels in sRGB without metadata, 8 bits a channel. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
  channels: 1 | 2 | 3 | 4;
}

export interface PictureToDecode {
  bytes: Buffer;
  mediaType: string;
  /** Pixels of the longer side as recorded; null when unknown. Only vector pictures need it. */
  recordedSide: number | null;
  /** Pixels of the longer side that are needed; never enlarged. */
  longestSide: number;
}

const vectorDpi = 72;
/** The most that sharp takes. */
const maxVectorDpi = 100_000;

/**
 * Decodes a picture once, as large as its largest rendition: upright, in sRGB, whatever profile it came with. The
 * smaller renditions are made from these pixels, which costs a fraction of decoding the original for each.
 * A vector picture is drawn at the size that is needed.
 */
export async function decodePicture(original: PictureToDecode): Promise<Pixels> {
  const { bytes, mediaType, recordedSide, longestSide } = original;
  const isVector = mediaType === 'image/svg+xml' && recordedSide !== null;
  const density = isVector ? Math.min(maxVectorDpi, Math.max(1, (vectorDpi * longestSide) / recordedSide)) : undefined;
  const picture = openPicture(bytes, { density });
  const { data, info } = await intoPlainSrgb(picture, await openPicture(bytes).metadata())
    .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as Pixels['channels'] };
}

export interface EncodedPicture {
  bytes: Buffer;
  width: number;
  height: number;
}

/**
 * One rendition's file from decoded pixels, shrunk to `longestSide` where they are larger. In a JPEG, what was
 * transparent becomes white. `jpegQuality` is from 1 to 100.
 */
export async function encodePicture(
  { data, width, height, channels }: Pixels,
  { longestSide, mediaType, jpegQuality }: { longestSide: number; mediaType: string; jpegQuality: number },
): Promise<EncodedPicture> {
  const sized = sharp(data, { raw: { width, height, channels } }).resize(longestSide, longestSide, {
    fit: 'inside',
    withoutEnlargement: true,
  });
  const encoded =
    mediaType === 'image/png' ? sized.png() : sized.flatten({ background: '#fff' }).jpeg({ quality: jpegQuality });
  const { data: bytes, info } = await encoded.toBuffer({ resolveWithObject: true });
  return { bytes, width: info.width, height: info.height };
}
