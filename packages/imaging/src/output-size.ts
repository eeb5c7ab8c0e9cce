import { expectedSize } from '@sheaf/domain/expected-size';
import { type ImageFormat, type ImageParameters, maxOutputPixels, maxOutputSide } from '@sheaf/domain/image-parameters';
import { renderFailure } from './render-failure.ts';

/** Pixels. */
export interface Size {
  width: number;
  height: number;
}

/** Where the format itself ends before `maxOutputSide`. */
const formatSide: Partial<Record<ImageFormat, number>> = { webp: 16_383 };

type SizeParameters = Pick<ImageParameters, 'width' | 'height' | 'fit' | 'enlarge' | 'format'>;

/**
 * The size that the rules give a rendition, where it may be made. Throws `render.failed` with the cause `size` for more
 * than `maxOutputSide` or `maxOutputPixels`.
 */
export function outputSize(source: Size, parameters: SizeParameters): Size {
  const size = expectedSize(source, parameters);
  const side = Math.max(size.width, size.height);
  const largestSide = formatSide[parameters.format] ?? maxOutputSide;
  if (side > largestSide || size.width * size.height > maxOutputPixels) {
    const limits = `at most ${largestSide} pixels a side and ${maxOutputPixels / 1e6} million in all are made`;
    throw renderFailure('size', `The rendition would have ${size.width} × ${size.height} pixels; ${limits}.`);
  }
  return size;
}

/** By how much `cover` scales the whole picture before it is cut, were it allowed to enlarge. */
export const coverScale = (source: Size, target: Size): number =>
  Math.max(target.width / source.width, target.height / source.height);
