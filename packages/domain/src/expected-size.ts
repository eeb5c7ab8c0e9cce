import type { ImageParameters } from './image-parameters.ts';

export interface PictureSize {
  /** Pixels. */
  width: number;
  height: number;
}

/**
 * The size that a picture gets from these parameters. With one side given, the other follows the picture's proportions.
 * With both:
 *
 * - `inside`, `outside`: the picture's proportions, just within or just around the box.
 * - `cover`: the box, cut to fill it. A picture that is too small for it, and not to be enlarged, yields a smaller
 *   box of the same proportions: a square crop stays square.
 * - `contain`: the box, whatever the picture: what it leaves free is background.
 * - `fill`: the box, out of proportion; without enlarging, no side longer than the picture's.
 */
export function expectedSize(
  picture: PictureSize,
  { width, height, fit, enlarge }: Pick<ImageParameters, 'width' | 'height' | 'fit' | 'enlarge'>,
): PictureSize {
  if (width === null || height === null) {
    const scale = width === null ? (height ?? picture.height) / picture.height : width / picture.width;
    return scaled(picture, enlarge ? scale : Math.min(1, scale));
  }
  const [across, down] = [width / picture.width, height / picture.height];
  switch (fit) {
    case 'inside':
      return scaled(picture, enlarge ? Math.min(across, down) : Math.min(1, across, down));
    case 'outside':
      return scaled(picture, enlarge ? Math.max(across, down) : Math.min(1, Math.max(across, down)));
    case 'cover':
      return enlarge ? { width, height } : scaled({ width, height }, Math.min(1, 1 / across, 1 / down));
    case 'contain':
      return { width, height };
    case 'fill':
      return enlarge
        ? { width, height }
        : { width: Math.min(width, picture.width), height: Math.min(height, picture.height) };
  }
}

function scaled({ width, height }: PictureSize, scale: number): PictureSize {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
