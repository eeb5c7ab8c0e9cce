import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { Executor } from '../database.ts';
import { newId } from '../schema/columns.ts';
import { downloads } from '../schema/downloads.ts';
import { askForStep } from './ask-for-step.ts';
import type { DecisionMoment } from './decision-moment.ts';
import { insertDownloadItems } from './insert-download-items.ts';
import { insertDownloadLicences } from './insert-download-licences.ts';
import { type AcceptedVersion, type RequestOrigin, recordAcceptances } from './record-acceptances.ts';

export interface NewDownload extends RequestOrigin {
  requesterId: string;
  request: DownloadRequest;
  decision: DownloadDecision;
  /** As of when it was decided, where that is known. Kept only where the verdict is `allowed`: gathering may pass it on. */
  moment?: DecisionMoment | null;
  /** Those of `request.acceptLicences` that are worth recording. The others are dropped: no later decision sees them. */
  accepted: readonly AcceptedVersion[];
  /** The HTTP request's id, to find its log lines again. */
  requestId: string | null;
  /** The download whose rest this one is. */
  restOf?: string;
  now: Date;
}

/** Writes an allowed request with all that belongs to it, in the caller's transaction. Returns the download's id. */
export async function insertDownload(tx: Executor, download: NewDownload): Promise<string> {
  const { requesterId, request, decision, now } = download;
  const { assetIds: _, acceptLicences: __, ...stored } = request;
  const id = newId();
  await tx.insert(downloads).values({
    id,
    requesterId,
    name: request.name,
    request: stored,
    background: decision.background,
    included: decision.counts.included,
    excluded: decision.counts.excluded,
    entriesTotal: decision.counts.entries,
    bytesTotal: decision.contentSize + decision.renderEstimate,
    ...(decision.verdict === 'allowed' ? download.moment : null),
    contentEndsAt: decision.contentEndsAt,
    requestId: download.requestId,
    ipAddress: download.ipAddress,
    userAgent: download.userAgent,
    restOf: download.restOf ?? null,
    createdAt: now,
    chargedAt: now,
  });
  await insertDownloadItems(tx, id, decision.outcomes);
  await insertDownloadLicences(tx, id, decision.licences);
  await recordAcceptances(tx, { ...download, userId: requesterId, downloadId: id, assetId: null });
  await askForStep(tx, { downloadId: id, epoch: 0, requesterId, step: 'gather' });
  return id;
}
