import { createHash } from 'node:crypto';
import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import type { Claim } from '@sheaf/db/downloads/claim-download';
import type { BundleTerms } from '@sheaf/db/evidence/load-bundle-terms';
import { manifestFile, receiptFile, signatureFile } from '@sheaf/evidence/own-files';
import { layoutOf, type ReceiptHead, type ReceiptLicence, receiptJson } from '@sheaf/evidence/receipt';
import { signatureJson, signReceipt } from '@sheaf/evidence/signature';
import { licenceEntries } from './bundle-entries.ts';
import type { BundlePlan } from './plan-bundle.ts';
import { currentSigningKey } from './signing-key.ts';
import type { WorkerDeps } from './worker-deps.ts';

type EvidenceDeps = Pick<WorkerDeps, 'db' | 'sealers' | 'clock' | 'publicUrl'>;

/** Sheaf's own files of one part, which follow its content: manifest, terms, receipt and signature. */
export async function ownEntries(
  deps: EvidenceDeps,
  { downloadId, request }: Pick<Claim, 'downloadId' | 'request'>,
  { parts, facts, manifest, terms }: BundlePlan,
  part: number,
): Promise<ArchiveEntry[]> {
  const modifiedAt = facts.createdAt;
  const documents = licenceEntries(terms.licences, modifiedAt);
  const { requester, ipAddress, userAgent } = facts;
  const head: ReceiptHead = {
    issuer: deps.publicUrl,
    downloadId,
    requestId: facts.requestId,
    part: { number: part, of: parts.length },
    archive: { format: request.format, compression: request.compression, layout: layoutOf(request) },
    requestedAt: facts.createdAt.toISOString(),
    requestedBy: { id: requester.id, name: requester.name, email: requester.email },
    from: { ipAddress, userAgent },
    preparedAt: facts.startedAt?.toISOString() ?? null,
    audit: facts.audit,
    manifest: { path: manifestFile, sha256: sha256(manifest), size: manifest.length },
    licences: receiptLicences(terms, documents),
  };
  const receipt = receiptJson(head, parts.find(({ number }) => number === part)?.assets ?? []);
  const hashes = { manifestSha256: head.manifest.sha256, receiptSha256: sha256(receipt) };
  const signature = signatureJson(signReceipt(hashes, await currentSigningKey(deps)));
  return [
    { path: manifestFile, modifiedAt, bytes: manifest },
    ...documents,
    { path: receiptFile, modifiedAt, bytes: receipt },
    { path: signatureFile, modifiedAt, bytes: signature },
  ];
}

/** Terms that were replaced since the decision have no acceptance; a bundle with such is never published. */
function receiptLicences({ licences, accepted }: BundleTerms, documents: readonly ArchiveEntry[]): ReceiptLicence[] {
  return licences.map(({ id: licenceId, title, version, document }, index) => {
    const acceptance = accepted.find(
      (known) => known.licenceId === licenceId && known.version === version && known.sha256 === document.sha256,
    );
    return {
      licenceId,
      title,
      version,
      sha256: document.sha256,
      file: documents[index]!.path,
      acceptedAt: acceptance?.acceptedAt.toISOString() ?? null,
      acceptedFrom: { ipAddress: acceptance?.ipAddress ?? null, userAgent: acceptance?.userAgent ?? null },
    };
  });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
