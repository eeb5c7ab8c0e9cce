import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { PreflightJson } from '@sheaf/contract/preflight';
import type { Executor } from '@sheaf/db/database';
import type { Actor } from '@sheaf/domain/actor';
import { decideRequest } from '@sheaf/downloads/decide-request';
import { preflightJson, type ShownOutcomes } from './preflight-json.ts';
import { preflightQuota } from './preflight-quota.ts';
import { toDownloadRequest } from './to-download-request.ts';

export interface PreflightInput {
  actor: Actor;
  body: DownloadRequestJson;
  shown: ShownOutcomes;
  now: Date;
}

/** The decision that `requestDownload` would take now. Writes nothing, acceptances least of all. */
export async function preflightDownload(
  executor: Executor,
  { actor, body, shown, now }: PreflightInput,
): Promise<PreflightJson> {
  const request = toDownloadRequest(body, now);
  const { decision } = await decideRequest(executor, { request, actor, now });
  const quota = await preflightQuota(executor, decision, { userId: actor.id, now });
  return { ...preflightJson(decision, request, shown), ...quota };
}
