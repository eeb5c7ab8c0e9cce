import type { Asset } from './asset.ts';
import type { Licence } from './licence.ts';

/** When a bundle and its links end: after `linkTtlHours`, or earlier with its content. */
export function bundleExpiry(contentEndsAt: Date | null, linkTtlHours: number, now: Date): Date {
  const end = new Date(now.getTime() + linkTtlHours * 3_600_000);
  return contentEndsAt !== null && contentEndsAt < end ? contentEndsAt : end;
}

/**
 * When the first included asset or licence expires; null where none does. Ends that have already passed do not count:
 * expired assets that are included on purpose (rule 8) shorten nothing.
 */
export function contentEnd(
  included: Iterable<{ asset: Pick<Asset, 'expiresAt' | 'licenceId'> }>,
  licences: ReadonlyMap<string, Pick<Licence, 'expiresAt'>>,
  now: Date,
): Date | null {
  let end = Number.POSITIVE_INFINITY;
  const shorten = (expiresAt: Date | null | undefined) => {
    const time = expiresAt?.getTime();
    if (time !== undefined && time > now.getTime() && time < end) end = time;
  };
  for (const { asset } of included) {
    shorten(asset.expiresAt);
    if (asset.licenceId !== null) shorten(licences.get(asset.licenceId)?.expiresAt);
  }
  return Number.isFinite(end) ? new Date(end) : null;
}
