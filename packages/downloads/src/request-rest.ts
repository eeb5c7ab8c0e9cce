import type { Executor } from '@sheaf/db/database';
import { carryAcceptances } from '@sheaf/db/downloads/carry-acceptances';
import { readMomentOf } from '@sheaf/db/downloads/decision-moment';
import { insertDownload } from '@sheaf/db/downloads/insert-download';
import type { StoredDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import type { LockedDownload } from '@sheaf/db/downloads/lock-download';
import { revokeDownload } from '@sheaf/db/downloads/revoke-download';
import { assertQuota } from './assert-quota.ts';
import { assertAllowed, decideRequest } from './decide-request.ts';
import { stateConflict } from './lock-for-change.ts';
import { quotaDemand } from './quota-demand.ts';
import { requestEvents } from './request-events.ts';
import type { ToldEvent } from './told-event.ts';

export interface RestInput {
  /** Of the HTTP request that retries, to find its log lines again. */
  requestId: string;
  now: Date;
}

/**
 * Takes the place of a ready or expired download with something in its bundle that may no longer be had: a new download
 * of the rest, for the same requester, and an end to the old one and its links. What was accepted for the old one counts for the new one,
 * which also keeps its origin: a receipt tells where the requester asked from, and the audit log who retried, from where.
 * Quotas are charged for the new one in place of the old one.
 * Throws `download.assets_refused` where nothing remains.
 */
export async function requestRest(
  tx: Executor,
  download: LockedDownload,
  stored: Pick<StoredDownloadRequest, 'request' | 'actor' | 'origin'>,
  { requestId, now }: RestInput,
): Promise<{ downloadId: string; events: ToldEvent[] }> {
  const { actor, origin } = stored;
  const request = { ...stored.request, unavailable: 'skip' as const };
  const moment = await readMomentOf(tx, actor);
  const decided = await decideRequest(tx, { request, actor, downloadId: download.id, now });
  assertAllowed(decided);
  const { decision } = decided;
  const demand = quotaDemand(decision, { userId: actor.id, now });
  await assertQuota(tx, { ...demand, downloads: 1, exceptDownload: download.id });
  const downloadId = await insertDownload(tx, {
    ...origin,
    requestId,
    requesterId: actor.id,
    request,
    decision,
    moment,
    accepted: [],
    restOf: download.id,
    now,
  });
  await carryAcceptances(tx, { from: download.id, to: downloadId });
  if (!(await revokeDownload(tx, download, now))) throw stateConflict(download, 'retried');
  return {
    downloadId,
    events: [
      { at: now, action: 'download.revoked', downloadId: download.id, detail: { state: 'revoked', rest: downloadId } },
      // Nothing is accepted anew: the acceptances have events of their own.
      ...requestEvents({ request, decision, accepted: [], downloadId, now }),
    ],
  };
}
