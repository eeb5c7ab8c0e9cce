import type { StandingJson } from '@sheaf/contract/standing';
import type { Executor } from '@sheaf/db/database';
import { findStandingDecision } from '@sheaf/db/downloads/decision-moment';
import { downloadExists } from '@sheaf/db/downloads/download-exists';
import { loadDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import type { Actor } from '@sheaf/domain/actor';
import { noSuchDownload, scopeOf } from '@sheaf/downloads/download-scope';
import { judgeBundle } from '@sheaf/downloads/judge-bundle';

export interface StandingQuestion {
  actor: Actor;
  downloadId: string;
  now: Date;
}

/**
 * What a GET of the download's link would decide about its files now, for the requester, whoever asks. Where something is
 * refused, `retry` gives the rest.
 */
export async function readStanding(
  executor: Executor,
  { actor, downloadId, now }: StandingQuestion,
): Promise<StandingJson> {
  if (!(await downloadExists(executor, scopeOf(actor, downloadId)))) throw noSuchDownload();
  const standing = { stands: true, counts: { refused: 0 }, outcomes: [] };
  if ((await findStandingDecision(executor, downloadId, now)) !== null) return standing;
  const { actor: owner } = await loadDownloadRequest(executor, downloadId);
  const { refused } = await judgeBundle(executor, { downloadId, owner, now });
  if (refused === null) return standing;
  return { stands: false, counts: { refused: refused.assets }, outcomes: refused.outcomes };
}
