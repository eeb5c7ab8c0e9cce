import type { Asset } from './asset.ts';
import type { DownloadDecision } from './download-decision.ts';
import { isExpired } from './is-expired.ts';

const day = 86_400_000;

/**
 * Rule 8: the expired assets among those that the actor can see, and those to be marked "Expiring in n days".
 * Days are rounded up: one hour left is 1 day.
 */
export function endingAssets(
  decisions: Iterable<{ asset: Pick<Asset, 'id' | 'title' | 'expiresAt'> | null }>,
  withinDays: number,
  now: Date,
): Pick<DownloadDecision, 'expired' | 'expiring'> {
  const expired: DownloadDecision['expired'] = [];
  const expiring: DownloadDecision['expiring'] = [];
  for (const { asset } of decisions) {
    if (asset === null || asset.expiresAt === null) continue;
    const { id: assetId, title, expiresAt } = asset;
    const days = Math.ceil((expiresAt.getTime() - now.getTime()) / day);
    if (isExpired(expiresAt, now)) expired.push({ assetId, title, expiresAt });
    else if (days <= withinDays) expiring.push({ assetId, title, expiresAt, days });
  }
  return { expired, expiring };
}
