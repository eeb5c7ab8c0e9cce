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
 * How large a rendition becomes. Without `enlarge` nothing is made larger, but the proportions asked for are kept: what
 * covers 1200 by 600 is 800 by 400 from a picture that is 800 wide. `contain` always has the size asked for, because
 * the background fills the rest. Throws `render.failed` with the cause `size` for more than `maxOutputSide` or
 * `maxOutputPixels`.
 */
export function outputSize(source: Size, parameters: SizeParameters): Size {
  const size = wantedSize(source, parameters);
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

function wantedSize(source: Size, { width, height, fit, enlarge }: SizeParameters): Size {
  const most = enlarge ? Number.POSITIVE_INFINITY : 1;
  if (width === null || height === null) {
    const scale = width !== null ? width / source.width : height !== null ? height / source.height : 1;
    return scaled(source, Math.min(most, scale));
  }
  const target = { width, height };
  const across = width / source.width;
  const down = height / source.height;
  switch (fit) {
    case 'contain':
      return target;
    case 'fill':
      return enlarge ? target : { width: Math.min(width, source.width), height: Math.min(height, source.height) };
    case 'inside':
      return scaled(source, Math.min(most, across, down));
    case 'outside':
      return scaled(source, Math.min(most, Math.max(across, down)));
    case 'cover': {
      const scale = Math.max(across, down);
      return scaled(target, Math.min(most, scale) / scale);
    }
  }
}

const scaled = ({ width, height }: Size, by: number): Size => ({
  width: Math.max(1, Math.round(width * by)),
  height: Math.max(1, Math.round(height * by)),
});
