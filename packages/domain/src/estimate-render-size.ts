import type { Rendition } from './rendition.ts';

/** Generous for JPEG and WebP at usual qualities, and about half of what photographs have as PNG. */
const bytesPerPixel = 1.5;

/** What a rendition that is still to be made will have in bytes, roughly; at least 1, as where its dimensions are unknown. */
export function estimateRenderSize({ width, height }: Pick<Rendition, 'width' | 'height'>): number {
  return Math.max(1, Math.ceil((width ?? 0) * (height ?? 0) * bytesPerPixel));
}
