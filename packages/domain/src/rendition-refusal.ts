import type { Reason } from './outcome.ts';
import type { Rendition } from './rendition.ts';

/**
 * Why the bytes of a rendition cannot be had, whoever asks; null when they can, now or (while `pending`) once rendered.
 * A `ready` rendition without a blob counts as `blob.missing`.
 */
export function renditionRefusal(rendition: Rendition): Reason | null {
  if (rendition.state === 'failed') return 'rendition.failed';
  if (rendition.state === 'pending') return null;
  if (rendition.blob === null) return 'blob.missing';
  if (rendition.blob.fault === null) return null;
  return rendition.blob.fault === 'missing' ? 'blob.missing' : 'blob.corrupt';
}
