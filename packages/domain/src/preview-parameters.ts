import type { ImageParameters } from './image-parameters.ts';

/** Longest side of a preview, in pixels. */
const longestSide = 320;

/**
 * How a small picture of a rendition is made, for screens: cut and toned the same, no larger than 320 pixels a side, in
 * a format that browsers draw.
 */
export function previewParameters(parameters: ImageParameters): ImageParameters {
  const { width, height, fit, format, colourSpace } = parameters;
  const scale = Math.min(1, longestSide / Math.max(width ?? 1, height ?? 1));
  const scaled = (side: number | null) => side && Math.max(1, Math.round(side * scale));
  const size =
    width !== null && height !== null && fit !== 'outside'
      ? { width: scaled(width), height: scaled(height) }
      : // A side that follows the picture's proportions could become as long as those want.
        { width: scaled(width) ?? longestSide, height: scaled(height) ?? longestSide, fit: 'inside' as const };
  return {
    ...parameters,
    ...size,
    format: format === 'tiff' ? 'jpeg' : format,
    quality: null,
    colourSpace: colourSpace === 'gray' ? 'gray' : 'srgb',
  };
}
