import type { DownloadDecision, LicenceNeed } from '@sheaf/domain/download-decision';
import type { BlobFacts } from '@sheaf/domain/rendition';
import { receiptBytes } from '@sheaf/evidence/receipt';
import { manifestBytes } from './manifest.ts';

/** Headers and path of one of Sheaf's own files in an archive, at most. */
const ownFileOverhead = 2_500;

const signatureBytes = 500;

/** Manifest, receipt and signature. */
const ownFiles = 3;

/** The licences of included assets: every part holds their documents. */
export function neededLicences({ outcomes, licences }: DownloadDecision): LicenceNeed[] {
  const included = new Set(outcomes.flatMap(({ assetId, outcome }) => (outcome === 'included' ? [assetId] : [])));
  return licences.filter(({ assetIds }) => assetIds.some((id) => included.has(id)));
}

/** At most how many bytes Sheaf's own files take in each part. */
export function ownBytes(decision: DownloadDecision, documents: readonly BlobFacts[]): number {
  const sizes = new Map(documents.map(({ sha256, size }) => [sha256, size]));
  const licences = neededLicences(decision);
  const included = decision.outcomes.filter(({ outcome }) => outcome === 'included');
  let bytes = manifestBytes(decision.outcomes) + receiptBytes(included, licences) + signatureBytes;
  bytes += ownFiles * ownFileOverhead;
  // Two licences may have the same document, and each has a file of its own.
  for (const { sha256 } of licences) bytes += ownFileOverhead + (sizes.get(sha256 ?? '') ?? 0);
  return bytes;
}
