import type { Asset } from './asset.ts';
import type { Licence } from './licence.ts';

/**
 * When a bundle and its links end: after `linkTtlHours`, or earlier with the first included asset or licence to expire.
 * Ends that have already passed do not count: expired assets that are included on purpose (rule 8) shorten nothing.
 */
export function bundleExpiry(
  included: Iterable<{ asset: Pick<Asset, 'expiresAt' | 'licenceId'> }>,
  licences: ReadonlyMap<string, Pick<Licence, 'expiresAt'>>,
  linkTtlHours: number,
  now: Date,
): Date {
  let end = now.getTime() + linkTtlHours * 3_600_000;
  const shorten = (expiresAt: Date | null | undefined) => {
    const time = expiresAt?.getTime();
    if (time !== undefined && time > now.getTime() && time < end) end = time;
  };
  for (const { asset } of included) {
    shorten(asset.expiresAt);
    if (asset.licenceId !== null) shorten(licences.get(asset.licenceId)?.expiresAt);
  }
  return new Date(end);
}
