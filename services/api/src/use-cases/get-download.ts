import type { DownloadJson } from '@sheaf/contract/download';
import type { Executor } from '@sheaf/db/database';
import { findDownload } from '@sheaf/db/downloads/find-download';
import type { Actor } from '@sheaf/domain/actor';
import { noSuchDownload, scopeOf } from '@sheaf/downloads/download-scope';
import type { Sealer } from '@sheaf/runtime/seal';
import { downloadJson } from './download-json.ts';

export interface DownloadQuestion {
  actor: Actor;
  downloadId: string;
  /** Opens the tokens of default links. */
  linkSealer: Sealer;
  now: Date;
}

/** Throws `resource.not_found` for what is not the actor's, too. */
export async function getDownload(executor: Executor, question: DownloadQuestion): Promise<DownloadJson> {
  const { actor, downloadId } = question;
  const view = await findDownload(executor, scopeOf(actor, downloadId));
  if (view === null) throw noSuchDownload();
  return downloadJson(view, { viewerId: actor.id, ...question });
}
