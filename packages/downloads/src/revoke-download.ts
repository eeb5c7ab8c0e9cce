import type { Executor } from '@sheaf/db/database';
import * as downloads from '@sheaf/db/downloads/revoke-download';
import { type DownloadChange, lockForChange, stateConflict } from './lock-for-change.ts';

/** Ends a ready or expired download and all its links for good. Throws `download.state_conflict` for any other. */
export async function revokeDownload(tx: Executor, change: DownloadChange): Promise<void> {
  const download = await lockForChange(tx, change);
  if (!(await downloads.revokeDownload(tx, download, change.now))) throw stateConflict(download, 'revoked');
}
