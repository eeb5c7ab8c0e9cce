import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { Executor } from '@sheaf/db/database';
import { insertDownload } from '@sheaf/db/downloads/insert-download';
import { type RequestOrigin, recordAcceptances } from '@sheaf/db/downloads/record-acceptances';
import type { Actor } from '@sheaf/domain/actor';
import { assertAllowed, decideRequest } from './decide-request.ts';
import { renditionContentPath } from './rendition-content-path.ts';
import { toDownloadRequest } from './to-download-request.ts';

export interface DownloadInput extends RequestOrigin {
  actor: Actor;
  body: DownloadRequestJson;
  requestId: string;
  now: Date;
}

/** Rule 10: a single original is sent as it is, under its own URL; everything else becomes a download. */
export type RequestedDownload = { kind: 'direct'; path: string } | { kind: 'download'; downloadId: string };

/**
 * Takes a request, in the caller's transaction: the download with its items, the acceptances, and the wake-up call.
 * A refused request throws before anything is written.
 */
export async function requestDownload(tx: Executor, input: DownloadInput): Promise<RequestedDownload> {
  const { actor, now, requestId, ipAddress, userAgent } = input;
  const request = toDownloadRequest(input.body, now);
  const decided = await decideRequest(tx, { request, actor, now });
  assertAllowed(decided);
  const { decision, accepted } = decided;
  const origin = { ipAddress, userAgent };
  if (decision.direct !== null) {
    await recordAcceptances(tx, { userId: actor.id, downloadId: null, accepted, now, ...origin });
    return { kind: 'direct', path: renditionContentPath(decision.direct) };
  }
  const downloadId = await insertDownload(tx, {
    requesterId: actor.id,
    request,
    decision,
    accepted,
    requestId,
    now,
    ...origin,
  });
  return { kind: 'download', downloadId };
}
