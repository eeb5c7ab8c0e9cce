import type { Executor } from '@sheaf/db/database';
import * as downloads from '@sheaf/db/downloads/cancel-download';
import { type DownloadChange, lockForChange, stateConflict } from './lock-for-change.ts';

/**
 * Cancels a download at once, or asks the worker that holds it to let go. Throws `download.state_conflict` for one that
 * is ready or has ended.
 */
export async function cancelDownload(tx: Executor, change: DownloadChange): Promise<void> {
  const download = await lockForChange(tx, change);
  if (!(await downloads.cancelDownload(tx, download, change.now))) throw stateConflict(download, 'cancelled');
}
