import type { Executor } from '@sheaf/db/database';
import { loadDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { restartDownload } from '@sheaf/db/downloads/restart-download';
import { AppError } from '@sheaf/domain/app-error';
import { canTransition } from '@sheaf/domain/download-state';
import { assertQuota } from './assert-quota.ts';
import { assertAllowed, decideRequest } from './decide-request.ts';
import { type DownloadChange, lockForChange, stateConflict } from './lock-for-change.ts';
import { quotaDemand } from './quota-demand.ts';
import { type RestInput, requestRest } from './request-rest.ts';

/** The download that goes on: another one where it is the rest of the one that was retried. */
export type RetriedDownload = Awaited<ReturnType<typeof requestRest>>;

/**
 * Starts a failed, cancelled or expired download over, on a fresh decision for its requester, whoever asks. A ready one
 * with something in it that may no longer be had gives way to a new one with the rest. Throws `download.state_conflict`
 * for one in another state, and what `requestDownload` would throw for the request today.
 */
export async function retryDownload(tx: Executor, change: DownloadChange & RestInput): Promise<RetriedDownload> {
  const download = await lockForChange(tx, change);
  const ready = download.state === 'ready';
  if (!ready && !canTransition(download.state, 'requested')) throw stateConflict(download, 'retried');
  const { disabledAt, ...stored } = await loadDownloadRequest(tx, download.id);
  if (disabledAt !== null) throw new AppError('auth.forbidden', "The requester's account is disabled.");
  if (ready) return requestRest(tx, download, stored, { requestId: change.requestId, now: change.now });
  const { request, actor } = stored;
  const decided = await decideRequest(tx, { request, actor, downloadId: download.id, now: change.now });
  assertAllowed(decided);
  const demand = quotaDemand(decided.decision, { userId: actor.id, now: change.now });
  await assertQuota(tx, { ...demand, downloads: 1, exceptDownload: download.id });
  if (!(await restartDownload(tx, download, decided.decision, change.now))) throw stateConflict(download, 'retried');
  return { downloadId: download.id, events: [] };
}
