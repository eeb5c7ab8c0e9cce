import sharp, { type Sharp } from 'sharp';
import { maxPixels } from './open-picture.ts';
import type { Size } from './output-size.ts';
import { placeWindow, type Window } from './place-window.ts';
import { type RawRgb, saliencyMap } from './saliency-map.ts';

/** Longer side of the copy in which the subject is looked for: enough to tell what is where. */
const mapSide = 64;

/**
 * The part of a picture, in its pixels, that shows its subject in the target's proportions: of an upright one as it is
 * opened, or of a file. Deterministic.
 */
export async function subjectWindow(picture: Sharp | Buffer, size: Size, target: Size): Promise<Window> {
  const opened = Buffer.isBuffer(picture) ? sharp(picture, { limitInputPixels: maxPixels }) : picture;
  return placeWindow(saliencyMap(await shrink(opened)), size, target);
}

async function shrink(picture: Sharp): Promise<RawRgb> {
  const { data, info } = await picture
    .flatten({ background: '#ffffff' })
    .resize({ width: mapSide, height: mapSide, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { data: channels === 3 ? data : spread(data, channels), width, height };
}

/** Grey as red, green and blue. */
function spread(data: Uint8Array, channels: number): Uint8Array {
  const pixels = data.length / channels;
  return Uint8Array.from({ length: pixels * 3 }, (_, i) => data[Math.floor(i / 3) * channels]!);
}
