import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { Executor } from '@sheaf/db/database';
import { readMomentOf } from '@sheaf/db/downloads/decision-moment';
import { insertDownload } from '@sheaf/db/downloads/insert-download';
import { type RequestOrigin, recordAcceptances } from '@sheaf/db/downloads/record-acceptances';
import type { Actor } from '@sheaf/domain/actor';
import { assertQuota, assertQuotaLeft } from '@sheaf/downloads/assert-quota';
import { assertAllowed, decideRequest } from '@sheaf/downloads/decide-request';
import { quotaDemand } from '@sheaf/downloads/quota-demand';
import { requestEvents } from '@sheaf/downloads/request-events';
import type { ToldEvent } from '@sheaf/downloads/told-event';
import { renditionContentPath } from './rendition-content-path.ts';
import { toDownloadRequest } from './to-download-request.ts';

export interface DownloadInput extends RequestOrigin {
  actor: Actor;
  body: DownloadRequestJson;
  requestId: string;
  now: Date;
}

/** Rule 10: a single original is sent as it is, under its own URL; everything else becomes a download. */
export type RequestedDownload = ({ kind: 'direct'; path: string } | { kind: 'download'; downloadId: string }) & {
  /** For the audit log. */
  events: ToldEvent[];
};

/**
 * Takes a request, in the caller's transaction: the download with its items, the acceptances, and the wake-up call.
 * A refused request throws before anything is written.
 */
export async function requestDownload(tx: Executor, input: DownloadInput): Promise<RequestedDownload> {
  const { actor, now, requestId, ipAddress, userAgent } = input;
  const request = toDownloadRequest(input.body, now);
  const moment = await readMomentOf(tx, actor);
  const decided = await decideRequest(tx, { request, actor, now });
  assertAllowed(decided);
  const { decision, accepted } = decided;
  const demand = quotaDemand(decision, { userId: actor.id, now });
  // A file that is sent as it is takes its bytes when it is fetched.
  await (decision.direct === null ? assertQuota(tx, demand) : assertQuotaLeft(tx, demand));
  const origin = { ipAddress, userAgent };
  if (decision.direct !== null) {
    await recordAcceptances(tx, {
      userId: actor.id,
      downloadId: null,
      assetId: decision.direct.assetId,
      accepted,
      now,
      ...origin,
    });
    const events = requestEvents({ request, decision, accepted, downloadId: null, now });
    return { kind: 'direct', path: renditionContentPath(decision.direct), events };
  }
  const downloadId = await insertDownload(tx, {
    requesterId: actor.id,
    request,
    decision,
    moment,
    accepted,
    requestId,
    now,
    ...origin,
  });
  return { kind: 'download', downloadId, events: requestEvents({ request, decision, accepted, downloadId, now }) };
}
