import { readDecisionMoment, readMomentOf } from '@sheaf/db/downloads/decision-moment';
import { insertDownload } from '@sheaf/db/downloads/insert-download';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { loadDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { lockDownload } from '@sheaf/db/downloads/lock-download';
import * as downloads from '@sheaf/db/downloads/restart-download';
import { newDownload } from '@sheaf/db/testing/new-download';
import type { User } from '@sheaf/db/users/user';
import { decideDownload } from '@sheaf/domain/decide-download';
import { aRequest, type RequestChanges } from '@sheaf/domain/testing/decision-facts';
import type { WorkerDeps } from '@sheaf/worker/worker-deps';

type RequestDeps = Pick<WorkerDeps, 'db' | 'clock'>;

/** Writes a request as the API does, but whatever its verdict. Returns the download's id. */
export async function requestDownload(
  { db, clock }: RequestDeps,
  user: User,
  changes: RequestChanges,
): Promise<string> {
  const request = aRequest(changes);
  const actor = { id: user.id, role: user.role, dynamicRenditions: false, groups: [] };
  const now = clock();
  const moment = await readMomentOf(db.orm, actor);
  const decision = decideDownload(await loadDecisionFacts(db.orm, { request, actor, now }));
  const download = { ...newDownload({ requesterId: user.id, request, decision, now }), moment };
  return db.transaction((tx) => insertDownload(tx, download));
}

/** Retries an ended download, as the API does. */
export async function restartDownload({ db, clock }: RequestDeps, downloadId: string): Promise<void> {
  const moment = await readDecisionMoment(db.orm);
  const { request, actor } = await loadDownloadRequest(db.orm, downloadId);
  const decision = decideDownload(await loadDecisionFacts(db.orm, { request, actor, downloadId, now: clock() }));
  await db.transaction(async (tx) => {
    const locked = await lockDownload(tx, { downloadId, requesterId: null });
    if (locked === null || !(await downloads.restartDownload(tx, locked, decision, clock(), moment)))
      throw new Error('It cannot be retried.');
  });
}
