import type { ColourSpace } from '@sheaf/domain/image-parameters';
import type { Metadata, Sharp } from 'sharp';

type SourceColours = Pick<Metadata, 'space' | 'depth' | 'hasProfile'>;

/**
 * Converts to a colour space and embeds its ICC profile; grey has none. The source's own profile decides what its
 * numbers mean, and without one they are sRGB.
 *
 * Pictures with 16 bits a channel are processed in P3 by sharp, which takes those without a profile for P3 too; those
 * with 8 bits are processed in sRGB, which would cut off what P3 can show more. Hence the processing space is set here.
 */
export function intoColourSpace(pipeline: Sharp, source: SourceColours, colourSpace: ColourSpace): Sharp {
  const processed = inProcessingSpace(pipeline, source, colourSpace);
  switch (colourSpace) {
    case 'srgb':
      return processed.toColourspace('srgb').withIccProfile('srgb');
    case 'p3':
      return processed.toColourspace('srgb').withIccProfile('p3');
    case 'cmyk':
      return processed.toColourspace('cmyk').withIccProfile('cmyk');
    case 'gray':
      return processed.toColourspace('b-w');
  }
}

/** sRGB without an embedded profile, for what every program takes as sRGB anyway. */
export function intoPlainSrgb(pipeline: Sharp, source: SourceColours): Sharp {
  const processed = inProcessingSpace(pipeline, source, 'srgb').toColourspace('srgb');
  return isDeep(source) && source.hasProfile ? processed.withIccProfile('srgb', { attach: false }) : processed;
}

function inProcessingSpace(pipeline: Sharp, source: SourceColours, colourSpace: ColourSpace): Sharp {
  if (isDeep(source)) return source.hasProfile ? pipeline : pipeline.pipelineColourspace('srgb');
  const mayBeWide = colourSpace === 'p3' && source.hasProfile && source.space === 'srgb';
  return mayBeWide ? pipeline.pipelineColourspace('rgb16') : pipeline;
}

/** Whether it has 16 bits a channel. */
export const isDeep = ({ space, depth }: SourceColours): boolean =>
  space === 'rgb16' || (depth === 'ushort' && space === 'srgb');
