import type { Reason } from './outcome.ts';
import type { Rendition } from './rendition.ts';

/** Whether renditions of this kind are made from a preset, on demand. */
export function isOnDemand({ kind }: Pick<Rendition, 'kind'>): boolean {
  return kind === 'dynamic' || kind === 'smart-crop';
}

/** Rule 5: nothing is had from an image preset or smart-crop profile that is not approved. */
export function presetRefusal(
  rendition: Pick<Rendition, 'kind' | 'presetId'>,
  approvedPresets: ReadonlySet<string>,
): Reason | null {
  if (!isOnDemand(rendition)) return null;
  const { presetId } = rendition;
  return presetId !== null && approvedPresets.has(presetId) ? null : 'rendition.not_approved';
}

/**
 * Why the bytes of a rendition cannot be had, whoever asks; null when they can, now or (while `pending`) once rendered.
 * A `ready` rendition without a blob counts as `blob.missing`.
 */
export function renditionRefusal({ state, blob, sourceFault }: Rendition): Reason | null {
  if (state === 'failed') return 'rendition.failed';
  if (state === 'pending') return sourceFault ? `blob.${sourceFault}` : null;
  if (blob === null) return 'blob.missing';
  return blob.fault === null ? null : `blob.${blob.fault}`;
}
