import { createHash } from 'node:crypto';
import type { Fault, FaultCode } from './fault.ts';
import type { PublicKeys } from './key-set.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { manifestFile, receiptFile, signatureFile } from './own-files.ts';
import { archiverLayout, engineLayout, layoutOf, parseReceipt, type Receipt } from './receipt.ts';
import { checkSignature, parseSignature, type Signature } from './signature.ts';

/** Sheaf's own files of an archive, each null where it is missing or unreadable. */
export interface SignedFiles {
  manifest: Manifest | null;
  receipt: Receipt | null;
  signature: Signature | null;
  faults: Fault[];
}

/**
 * Checks that one of these keys signed manifest and receipt, and that they belong together. What nobody known vouches
 * for is not even parsed: it may be made to take memory and time. `found` has the SHA-256 of every file of the archive.
 */
export function checkSigned(
  own: ReadonlyMap<string, Buffer>,
  found: readonly { path: string; sha256: string }[],
  keys: PublicKeys,
): SignedFiles {
  const faults: Fault[] = [];
  const fault = (code: FaultCode, path: string, message: string) => faults.push({ code, path, message });

  function isThere(path: string, name: 'manifest' | 'receipt' | 'signature'): boolean {
    const there = own.has(path) || found.some((file) => file.path === path);
    if (!there) fault(`${name}.missing`, path, `${path} is missing.`);
    return there;
  }

  function unreadable(path: string, name: 'manifest' | 'receipt' | 'signature'): void {
    fault(`${name}.unreadable`, path, `${path} is not one that this version of Sheaf can read.`);
  }

  const hasManifest = isThere(manifestFile, 'manifest');
  const hasReceipt = isThere(receiptFile, 'receipt');
  const hasSignature = isThere(signatureFile, 'signature');
  const signature = hasSignature ? parseSignature(own.get(signatureFile) ?? Buffer.alloc(0)) : null;
  if (hasSignature && signature === null) unreadable(signatureFile, 'signature');
  if (signature === null) return { manifest: null, receipt: null, signature, faults };

  const verdict = checkSignature(signature, keys);
  if (verdict === 'unknown key')
    fault('key.unknown', signatureFile, `${signatureFile} names the key ${signature.kid}, which is not among yours.`);
  if (verdict === 'wrong')
    fault('signature.wrong', signatureFile, `The signature in ${signatureFile} was not made by the key that it names.`);

  function read<T>(path: string, name: 'manifest' | 'receipt', signed: string, parse: (bytes: Buffer) => T | null) {
    const bytes = own.get(path);
    const sha256 = bytes ? sha256Of(bytes) : found.find((file) => file.path === path)?.sha256;
    if (sha256 !== signed) {
      fault(`${name}.changed`, path, `${path} is not the one that was signed.`);
      return null;
    }
    if (verdict !== 'genuine') return null;
    const parsed = bytes ? parse(bytes) : null;
    if (parsed === null) unreadable(path, name);
    return parsed;
  }

  const manifest = hasManifest ? read(manifestFile, 'manifest', signature.manifestSha256, parseManifest) : null;
  const receipt = hasReceipt ? read(receiptFile, 'receipt', signature.receiptSha256, parseReceipt) : null;
  if (receipt !== null) {
    const { layout } = receipt.archive;
    if (layout > engineLayout) {
      const message = `It was made by a newer Sheaf: ${receiptFile} tells of the layout ${layout}, which this version does not know.`;
      fault('layout.unknown', receiptFile, message);
    }
    for (const message of contradictions(receipt, manifest, own.get(manifestFile)))
      fault('receipt.contradictory', receiptFile, message);
  }
  return { manifest, receipt, signature, faults };
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A key's owner could still sign a receipt that contradicts the manifest, or tells of terms that nobody accepted. */
function* contradictions(receipt: Receipt, manifest: Manifest | null, bytes: Buffer | undefined): Generator<string> {
  const { format, layout } = receipt.archive;
  if (layout < archiverLayout || (layout === engineLayout && layoutOf(receipt.archive) !== engineLayout))
    yield `${receiptFile} tells of the layout ${layout}, in which Sheaf writes no such ${format}.`;
  const licenceIds = new Set(receipt.licences.map(({ licenceId }) => licenceId));
  for (const { title, acceptedAt } of receipt.licences) {
    if (acceptedAt === null) yield `${receiptFile} tells of no acceptance of the licence “${title}”.`;
  }
  for (const { title, licenceId } of receipt.assets) {
    if (licenceId !== null && !licenceIds.has(licenceId))
      yield `${receiptFile} does not tell the terms that “${title}” is under.`;
  }
  if (bytes === undefined) return;
  const { path, sha256, size } = receipt.manifest;
  if (path !== manifestFile || size !== bytes.length || sha256 !== sha256Of(bytes))
    yield `${receiptFile} was made for another ${manifestFile}.`;
  if (manifest === null) return;
  if (manifest.downloadId !== receipt.downloadId) yield `${manifestFile} and ${receiptFile} are of two downloads.`;
  const included = manifest.outcomes.filter(({ part }) => part === receipt.part.number);
  const same =
    included.length === receipt.assets.length &&
    included.every(({ assetId }, index) => assetId === receipt.assets[index]?.assetId);
  if (!same) yield `${receiptFile} lists other assets than ${manifestFile} does for this part.`;
}
