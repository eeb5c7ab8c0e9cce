import type { QuotaExcessJson, QuotaUseJson } from '@sheaf/contract/quota';
import type { Executor } from '@sheaf/db/database';
import { readQuotaUse } from '@sheaf/db/quotas/read-quota-use';
import { checkQuota } from '@sheaf/db/quotas/take-quota';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import { quotaExcessJson } from '@sheaf/downloads/assert-quota';
import { quotaDemand } from '@sheaf/downloads/quota-demand';
import { quotaUseJson } from './quota-use-json.ts';

export interface PreflightQuota {
  /** Each quota as it would be after the request. */
  quota: QuotaUseJson[];
  /** Why the request would be refused for now; says nothing about the request itself. */
  quotaExceeded: QuotaExcessJson | null;
}

/** What a decided request would leave of its requester's quotas. */
export async function preflightQuota(
  executor: Executor,
  decision: DownloadDecision,
  asked: { userId: string; now: Date },
): Promise<PreflightQuota> {
  const use = await readQuotaUse(executor, asked.userId, asked.now);
  if (use.length === 0) return { quota: [], quotaExceeded: null };
  const demand = quotaDemand(decision, asked);
  const refusal = await checkQuota(executor, demand);
  return {
    quota: use.map((quota) => quotaUseJson(quota, demand)),
    quotaExceeded: refusal === null ? null : quotaExcessJson(refusal),
  };
}
