import { findBlobs } from '@sheaf/db/catalogue/find-blobs';
import { type DecisionMoment, readDecisionMoment } from '@sheaf/db/downloads/decision-moment';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { loadDownloadRequest, type StoredDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { AppError } from '@sheaf/domain/app-error';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { BlobFacts } from '@sheaf/domain/rendition';
import { divideExactly } from './divide-exactly.ts';
import { neededLicences, ownBytes } from './own-bytes.ts';
import type { WorkerDeps } from './worker-deps.ts';

export interface BundleDecision {
  decision: DownloadDecision;
  /** As of when. */
  moment: DecisionMoment;
  /** Documents of the licences of included assets; every part holds them. */
  documents: BlobFacts[];
}

/**
 * Decides a download's request again, with the catalogue, the rules and the requester's rights as they are now. Parts
 * keep room for Sheaf's own files. Throws `auth.forbidden` once the requester is disabled.
 */
export async function decideBundle(
  { db, clock }: Pick<WorkerDeps, 'db' | 'clock'>,
  downloadId: string,
): Promise<BundleDecision> {
  const moment = await readDecisionMoment(db.orm);
  const { request, actor } = await loadRequest(db, downloadId);
  const facts = await loadDecisionFacts(db.orm, { request, actor, downloadId, now: clock() });
  const decision = decideDownload(facts);
  const documents = await findBlobs(db.orm, documentsOf(decision));
  if (request.partSize === null) return { decision, moment, documents };
  const partSize = Math.max(1, request.partSize - ownBytes(decision, documents));
  const isStoredZip = request.format === 'zip' && request.compression === 'store';
  const divided =
    (isStoredZip ? divideExactly(decision, partSize) : null) ??
    decideDownload({ ...facts, request: { ...request, partSize } });
  return { decision: divided, moment, documents };
}

/** A download's request and whose it is. Throws `auth.forbidden` once the requester is disabled. */
export async function loadRequest({ orm }: WorkerDeps['db'], downloadId: string): Promise<StoredDownloadRequest> {
  const stored = await loadDownloadRequest(orm, downloadId);
  if (stored.disabledAt !== null) throw new AppError('auth.forbidden', "The requester's account is disabled.");
  return stored;
}

function documentsOf(decision: DownloadDecision): string[] {
  return [...new Set(neededLicences(decision).flatMap(({ sha256 }) => sha256 ?? []))];
}
