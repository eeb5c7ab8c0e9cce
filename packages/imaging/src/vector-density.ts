import { type ImageParameters, maxOutputSide } from '@sheaf/domain/image-parameters';
import { coverScale, type Size } from './output-size.ts';

const ownDpi = 72;
/** The most that sharp takes. */
const maxDpi = 100_000;

/** Dots per inch at which a vector picture (its size at 72) is drawn as large as a rendition needs it. */
export function vectorDensity(drawn: Size, { width, height, fit }: Pick<ImageParameters, 'width' | 'height' | 'fit'>) {
  const longest = Math.max(drawn.width, drawn.height);
  const scale = Math.min(maxOutputSide / longest, neededScale(drawn, width, height, fit));
  return Math.min(maxDpi, Math.max(1, ownDpi * scale));
}

function neededScale(drawn: Size, width: number | null, height: number | null, fit: ImageParameters['fit']): number {
  if (width === null) return height === null ? 1 : height / drawn.height;
  if (height === null) return width / drawn.width;
  const isWhole = fit === 'inside' || fit === 'contain';
  return isWhole ? Math.min(width / drawn.width, height / drawn.height) : coverScale(drawn, { width, height });
}
