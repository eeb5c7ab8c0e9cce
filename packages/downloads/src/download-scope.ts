import type { DownloadScope } from '@sheaf/db/downloads/download-scope';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { seesEverything } from '@sheaf/domain/sees-everything';

/** Requesters reach their own downloads; administrators, and auditors for reading, reach everybody's. */
export function scopeOf(actor: Actor, downloadId: string): DownloadScope {
  return { downloadId, requesterId: seesEverything(actor) ? null : actor.id };
}

/** What is somebody else's answers the same as what does not exist. */
export function noSuchDownload(): AppError {
  return new AppError('resource.not_found', 'There is no such download.');
}
