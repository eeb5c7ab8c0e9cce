import type { Executor } from '@sheaf/db/database';
import { type LockedDownload, lockDownload } from '@sheaf/db/downloads/lock-download';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { noSuchDownload, scopeOf } from './download-scope.ts';

export interface DownloadChange {
  actor: Actor;
  downloadId: string;
  now: Date;
}

/** The download to be changed, held until the transaction ends. Throws `resource.not_found`. */
export async function lockForChange(tx: Executor, { actor, downloadId }: DownloadChange): Promise<LockedDownload> {
  const download = await lockDownload(tx, scopeOf(actor, downloadId));
  if (download === null) throw noSuchDownload();
  return download;
}

/** `what` completes "The download is ready and cannot be …". */
export function stateConflict({ state }: LockedDownload, what: string): AppError {
  return new AppError('download.state_conflict', `The download is ${state} and cannot be ${what}.`, {
    detail: { state },
  });
}
