import type { QuotaExcessJson } from '@sheaf/contract/quota';
import type { Executor } from '@sheaf/db/database';
import { checkQuota, type QuotaDemand, type QuotaRefusal, takeQuota } from '@sheaf/db/quotas/take-quota';
import { AppError } from '@sheaf/domain/app-error';

/**
 * Takes a download out of its requester's quotas, in the transaction that writes it and before anything is written.
 * Throws `quota.exceeded`, with the limit, what is left and when to try again.
 */
export async function assertQuota(tx: Executor, demand: QuotaDemand): Promise<void> {
  const refusal = await takeQuota(tx, demand);
  if (refusal !== null) throw quotaExceeded(refusal);
}

/** As `assertQuota` for what is charged later, when it is fetched. */
export async function assertQuotaLeft(executor: Executor, demand: QuotaDemand): Promise<void> {
  const refusal = await checkQuota(executor, demand);
  if (refusal !== null) throw quotaExceeded(refusal);
}

export function quotaExcessJson(refusal: QuotaRefusal): QuotaExcessJson {
  const { quota, subject, limit, used, asked, retryAfter } = refusal;
  return { quota, subject, limit, used, asked, left: Math.max(0, limit - used), retryAfter };
}

/** The error for a refusal. */
export function quotaExceeded(refusal: QuotaRefusal): AppError {
  return new AppError('quota.exceeded', quotaText(refusal), {
    retryable: true,
    detail: { ...quotaExcessJson(refusal) },
  });
}

function quotaText({ quota, subject, limit, used, asked }: QuotaRefusal): string {
  const whose = subject.kind === 'user' ? 'you' : `the members of ${subject.name} together`;
  const left = Math.max(0, limit - used);
  switch (quota) {
    case 'bytes':
      return `This takes ${asked} bytes, and ${whose} may have ${left} more for now, of ${limit}.`;
    case 'concurrentDownloads':
      return `${used} downloads are in preparation, and ${whose} may have ${limit} at a time.`;
    case 'assetsPerDownload':
      return `A download of ${whose === 'you' ? 'yours' : `a member of ${subject.name}`} may have ${limit} assets, not ${asked}.`;
  }
}
