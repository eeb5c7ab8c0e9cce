import { findBlobs } from '@sheaf/db/catalogue/find-blobs';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { loadDownloadRequest, type StoredDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { AppError } from '@sheaf/domain/app-error';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { BlobFacts } from '@sheaf/domain/rendition';
import { neededLicences, ownBytes } from './own-bytes.ts';
import type { WorkerDeps } from './worker-deps.ts';

export interface BundleDecision {
  decision: DownloadDecision;
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
  const { request, actor } = await loadRequest(db, downloadId);
  const facts = await loadDecisionFacts(db.orm, { request, actor, downloadId, now: clock() });
  const decision = decideDownload(facts);
  const documents = await findBlobs(db.orm, documentsOf(decision));
  if (request.partSize === null) return { decision, documents };
  const partSize = Math.max(1, request.partSize - ownBytes(decision, documents));
  return { decision: decideDownload({ ...facts, request: { ...request, partSize } }), documents };
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
