import type { ColourSpace } from '@sheaf/domain/image-parameters';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { intoColourSpace, isDeep } from './colour-space.ts';
import { maxPixels } from './open-picture.ts';

/** A decoded picture to look at and to cut from. */
export interface UncompressedPicture {
  open(): Sharp;
  /** Gives what is cut from it its colours and their profile. */
  finish(opened: Sharp): Sharp;
}

/**
 * Decodes a picture once, to cut from it afterwards. What ends in sRGB, as nearly everything does, stays bare pixels
 * until it is cut: so only what is shown is converted, and nothing for looking at it. Converting the whole picture
 * twice instead took a fifth of a crop's time. Other colours are made first, in a TIFF that holds their profile.
 */
export async function decodeForCut(
  picture: Sharp,
  source: Metadata,
  colourSpace: ColourSpace,
): Promise<UncompressedPicture> {
  if (colourSpace === 'srgb' && !isDeep(source)) {
    const { data, info } = await picture
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    return {
      open: () => sharp(data, { raw, limitInputPixels: maxPixels }),
      finish: (opened) => opened.toColourspace('srgb').withIccProfile('srgb'),
    };
  }
  const data = await intoColourSpace(picture, source, colourSpace).tiff({ compression: 'none' }).toBuffer();
  return {
    open: () => sharp(data, { limitInputPixels: maxPixels }),
    finish(opened) {
      // Colours are what they have to be: they pass as they are, with their profile.
      const kept = opened.keepIccProfile();
      const cut = colourSpace === 'cmyk' ? kept.pipelineColourspace('cmyk').toColourspace('cmyk') : kept;
      return colourSpace === 'gray' ? cut.toColourspace('b-w') : cut;
    },
  };
}
