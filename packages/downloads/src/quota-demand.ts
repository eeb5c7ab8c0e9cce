import type { QuotaDemand } from '@sheaf/db/quotas/take-quota';
import type { DownloadDecision } from '@sheaf/domain/download-decision';

/** What a decided request takes of its requester's quotas. A file whose size is not known yet counts as estimated. */
export function quotaDemand(
  decision: DownloadDecision,
  { userId, now }: Pick<QuotaDemand, 'userId' | 'now'>,
): QuotaDemand {
  return {
    userId,
    now,
    assets: decision.counts.included,
    downloads: decision.direct === null ? 1 : 0,
    bytes: decision.contentSize + decision.renderEstimate,
  };
}
