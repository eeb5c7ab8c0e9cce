import type { Executor } from '@sheaf/db/database';
import { readDecisionMoment } from '@sheaf/db/downloads/decision-moment';
import { expireFaulty } from '@sheaf/db/downloads/expire-faulty';
import { expireIfDue } from '@sheaf/db/downloads/expire-if-due';
import { loadDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { restartDownload } from '@sheaf/db/downloads/restart-download';
import { AppError } from '@sheaf/domain/app-error';
import { canTransition } from '@sheaf/domain/download-state';
import { isQuarantined } from '@sheaf/domain/is-quarantined';
import { assertQuota } from './assert-quota.ts';
import { assertAllowed, decideRequest } from './decide-request.ts';
import { judgeBundle } from './judge-bundle.ts';
import { type DownloadChange, lockForChange, stateConflict } from './lock-for-change.ts';
import { quotaDemand } from './quota-demand.ts';
import { type RestInput, requestRest } from './request-rest.ts';

/** The download that goes on: another one where it is the rest of the one that was retried. */
export type RetriedDownload = Awaited<ReturnType<typeof requestRest>>;

export interface Retry extends DownloadChange, RestInput {
  /** False: one in quarantine stays there, whoever asks. */
  release?: boolean;
}

/**
 * Goes on with a download on a fresh decision for its requester, whoever asks. One that had a bundle, be it ready or
 * expired, gives way to a new one with the rest where something in it may no longer be had. Any other failed, cancelled
 * or expired one is started over. A ready one counts as expired where its time is over, whether or not the sweep has been
 * there, and where one of its archives was found missing or damaged: then no quota is in the way.
 * One in quarantine is released by this, by an administrator alone and where that was meant: its lost workers are
 * counted anew.
 * Throws `download.state_conflict` for one in another state, and for a ready one that still holds;
 * `download.quarantined` where it is not to be released; and what `requestDownload` would throw for the request today.
 */
export async function retryDownload(tx: Executor, change: Retry): Promise<RetriedDownload> {
  const { now, requestId } = change;
  const due = await expireIfDue(tx, await lockForChange(tx, change), now);
  const download = await expireFaulty(tx, due, now);
  const wasDamaged = download.state !== due.state;
  const ready = download.state === 'ready';
  if (!ready && !canTransition(download.state, 'requested')) throw stateConflict(download, 'retried');
  const quarantined = isQuarantined(download);
  if (quarantined && !(change.actor.role === 'administrator' && (change.release ?? true))) throw quarantineRefusal();
  const moment = await readDecisionMoment(tx);
  const { disabledAt, ...stored } = await loadDownloadRequest(tx, download.id);
  if (disabledAt !== null) throw new AppError('auth.forbidden', "The requester's account is disabled.");
  const { request, actor } = stored;
  if (ready || download.state === 'expired') {
    const { refused } = await judgeBundle(tx, { downloadId: download.id, owner: actor, now });
    if (refused !== null) return requestRest(tx, download, stored, { requestId, now });
  }
  if (ready) throw stateConflict(download, 'retried');
  const decided = await decideRequest(tx, { request, actor, downloadId: download.id, now });
  assertAllowed(decided);
  // That an archive was damaged is not its requester's doing.
  if (!wasDamaged) {
    const demand = quotaDemand(decided.decision, { userId: actor.id, now });
    await assertQuota(tx, { ...demand, downloads: 1, exceptDownload: download.id });
  }
  if (!(await restartDownload(tx, download, decided.decision, now, moment))) throw stateConflict(download, 'retried');
  const released = { at: now, action: 'download.released', downloadId: download.id } as const;
  return { downloadId: download.id, events: quarantined ? [released] : [] };
}

function quarantineRefusal(): AppError {
  return new AppError(
    'download.quarantined',
    'Preparing this download has stopped one worker after the other. An administrator has to look at it and release it.',
  );
}
