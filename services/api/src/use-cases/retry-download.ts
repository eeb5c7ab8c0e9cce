import type { Executor } from '@sheaf/db/database';
import { loadDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { restartDownload } from '@sheaf/db/downloads/restart-download';
import { AppError } from '@sheaf/domain/app-error';
import { canTransition } from '@sheaf/domain/download-state';
import { assertAllowed, decideRequest } from './decide-request.ts';
import { type DownloadChange, lockForChange, stateConflict } from './lock-for-change.ts';

/**
 * Starts a failed, cancelled or expired download over, on a fresh decision for its requester, whoever asks. Throws
 * `download.state_conflict` for one in another state, and what `requestDownload` would throw for the request today.
 */
export async function retryDownload(tx: Executor, change: DownloadChange): Promise<void> {
  const download = await lockForChange(tx, change);
  if (!canTransition(download.state, 'requested')) throw stateConflict(download, 'retried');
  const { request, actor, disabledAt } = await loadDownloadRequest(tx, download.id);
  if (disabledAt !== null) throw new AppError('auth.forbidden', "The requester's account is disabled.");
  const decided = await decideRequest(tx, { request, actor, now: change.now });
  assertAllowed(decided);
  if (!(await restartDownload(tx, download, decided.decision))) throw stateConflict(download, 'retried');
}
