import type { ArchiveCompression, ArchiveFormat } from '@sheaf/archive/archiver-stream';
import { listOf, nullable, oneOf, parseShaped, record, sha256, text, time, wholeNumber } from './shape.ts';

/** Where a request came from, as far as it was recorded. */
export interface ReceiptOrigin {
  ipAddress: string | null;
  userAgent: string | null;
}

/** Terms that the download is under, and their acceptance. */
export interface ReceiptLicence {
  licenceId: string;
  title: string;
  /** Counts the licence's documents, from 1. */
  version: number;
  /** Of the document that was accepted, which is also the one in the archive. */
  sha256: string;
  /** Path of the document in the archive. */
  file: string;
  /** RFC 3339, UTC. */
  acceptedAt: string | null;
  acceptedFrom: ReceiptOrigin;
}

export interface ReceiptAsset {
  assetId: string;
  title: string;
  licenceId: string | null;
}

/** A way of laying an archive out, in which its entries determine it to the last byte: that of the archiver library. */
export const archiverLayout = 1;
/** That of Sheaf's own engine, for stored ZIPs. Earlier versions wrote those in layout 1, too. */
export const engineLayout = 2;

/** The layout in which this version of Sheaf writes such archives. */
export function layoutOf({ format, compression }: Pick<Receipt['archive'], 'format' | 'compression'>): number {
  return format === 'zip' && compression === 'store' ? engineLayout : archiverLayout;
}

/** `receipt.json` of one part: who was handed what, when, and under which terms. */
export interface Receipt {
  version: 1;
  /** Address of the instance. */
  issuer: string;
  downloadId: string;
  /** Of the HTTP request that asked for it. */
  requestId: string | null;
  part: { number: number; of: number };
  archive: { format: ArchiveFormat; compression: ArchiveCompression; layout: number };
  requestedAt: string;
  requestedBy: { id: string; name: string; email: string };
  from: ReceiptOrigin;
  /** When a worker began with it. */
  preparedAt: string | null;
  /** The audit log's row about the request; the hash fixes all rows before it, too. */
  audit: { seq: number; hash: string } | null;
  manifest: { path: string; sha256: string; size: number };
  /** Of the whole download. */
  licences: ReceiptLicence[];
  /** Those whose files are in this part, in the order of the request. */
  assets: ReceiptAsset[];
}

export type ReceiptHead = Omit<Receipt, 'version' | 'assets'>;

/** Lines that are made bytes of together: one by one, 25,000 of them take three times as long. */
const linesAtATime = 1_000;

/** The bytes of a receipt. One asset a line. The same receipt always gives the same bytes. */
export function receiptJson(head: ReceiptHead, assets: readonly ReceiptAsset[]): Buffer {
  const start = JSON.stringify({
    version: 1,
    issuer: head.issuer,
    downloadId: head.downloadId,
    requestId: head.requestId,
    part: head.part,
    archive: head.archive,
    requestedAt: head.requestedAt,
    requestedBy: head.requestedBy,
    from: head.from,
    preparedAt: head.preparedAt,
    audit: head.audit,
    manifest: head.manifest,
    licences: head.licences,
  });
  const pieces = [Buffer.from(`${start.slice(0, -1)},"assets":[`)];
  for (let start = 0; start < assets.length; start += linesAtATime) {
    const lines = assets.slice(start, start + linesAtATime).map(assetLine);
    pieces.push(Buffer.from((start === 0 ? '\n' : ',\n') + lines.join(',\n')));
  }
  pieces.push(Buffer.from('\n]}\n'));
  return Buffer.concat(pieces);
}

/** Beside titles and assets: names, addresses and user agents have limits of their own. */
const headBytes = 6_144;
const licenceBytes = 2_048;

/** At most how many bytes a receipt of these assets and licences has. */
export function receiptBytes(
  assets: Iterable<Pick<ReceiptAsset, 'assetId' | 'title'>>,
  licences: Iterable<{ title: string }>,
): number {
  let bytes = headBytes;
  // The title is there once more as the name of the document, which is never longer.
  for (const { title } of licences) bytes += licenceBytes + 2 * Buffer.byteLength(JSON.stringify(title));
  for (const { assetId, title } of assets) {
    bytes += Buffer.byteLength(assetLine({ assetId, title, licenceId: assetId })) + 2;
  }
  return bytes;
}

function assetLine({ assetId, title, licenceId }: ReceiptAsset): string {
  return JSON.stringify({ assetId, title, licenceId });
}

const origin = record({ ipAddress: nullable(text), userAgent: nullable(text) });

const receiptShape = record({
  version: oneOf(1),
  issuer: text,
  downloadId: text,
  requestId: nullable(text),
  part: record({ number: wholeNumber, of: wholeNumber }),
  archive: record({
    format: oneOf('zip', 'tar', 'tar.gz'),
    compression: oneOf('store', 'deflate'),
    layout: wholeNumber,
  }),
  requestedAt: time,
  requestedBy: record({ id: text, name: text, email: text }),
  from: origin,
  preparedAt: nullable(time),
  audit: nullable(record({ seq: wholeNumber, hash: sha256 })),
  manifest: record({ path: text, sha256, size: wholeNumber }),
  licences: listOf(
    record({
      licenceId: text,
      title: text,
      version: wholeNumber,
      sha256,
      file: text,
      acceptedAt: nullable(time),
      acceptedFrom: origin,
    }),
  ),
  assets: listOf(record({ assetId: text, title: text, licenceId: nullable(text) })),
});

/** Null where it is no receipt that this version can read. */
export function parseReceipt(bytes: Uint8Array): Receipt | null {
  return parseShaped(bytes, receiptShape);
}
