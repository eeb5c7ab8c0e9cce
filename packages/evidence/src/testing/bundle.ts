import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import { writeArchive } from '@sheaf/archive/write-archive';
import { onTestFinished } from 'vitest';
import { keySetOf } from '../key-set.ts';
import type { Manifest } from '../manifest.ts';
import { archiveLayout, type Receipt, receiptJson } from '../receipt.ts';
import { signatureJson, signReceipt } from '../signature.ts';
import { newSigningKey } from '../signing-key.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const requestedAt = '2026-11-01T12:00:00.123Z';

/** An archive's files by their paths, in order: what tests change before it is written. */
export type BundleFiles = Map<string, { bytes: Buffer; modifiedAt: Date }>;

export interface BundleOptions {
  format?: Receipt['archive']['format'];
  compression?: Receipt['archive']['compression'];
  /** Bytes of each asset's original. */
  contents?: Buffer[];
  /** Of the download. */
  downloadName?: string;
  /** Of their names. */
  extension?: string;
  part?: { number: number; of: number };
  changeReceipt?(receipt: Receipt): void;
  /** Changes what is written, after it was signed. */
  tamper?(files: BundleFiles): void;
}

/** A folder of the test's own, and bundles in it as a worker makes them, with a key that vouches for them. */
export async function setupBundles() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-evidence-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const key = newSigningKey();
  return {
    folder,
    key,
    keys: keySetOf([key.publicKey]),
    /** Writes a bundle and returns its file. */
    async write(options: BundleOptions = {}): Promise<string> {
      const { format = 'zip', compression = 'store' } = options;
      const files = await makeFiles(options, key);
      options.tamper?.(files);
      const file = path.join(folder, `${randomBytes(4).toString('hex')}.${format}`);
      await writeFiles(files, file, { format, compression });
      return file;
    },
  };
}

export type TestBundles = Awaited<ReturnType<typeof setupBundles>>;

async function makeFiles(options: BundleOptions, key: TestBundles['key']): Promise<BundleFiles> {
  const {
    contents = [Buffer.from('boat'), Buffer.from('house')],
    part = { number: 1, of: 1 },
    extension = 'jpg',
  } = options;
  const files: BundleFiles = new Map();
  const add = (name: string, bytes: Buffer, modifiedAt = requestedAt) =>
    files.set(name, { bytes, modifiedAt: new Date(modifiedAt) });
  const modifiedAt = '2026-01-02T03:04:06.789Z';
  const outcomes = contents.map((bytes, index): Manifest['outcomes'][number] => ({
    assetId: `asset-${index}`,
    title: `Größe ${index}`,
    outcome: 'included',
    reason: null,
    renamed: false,
    part: part.number,
    entries: [
      {
        path: `größe/${index}.${extension}`,
        kind: 'original',
        name: 'original',
        size: bytes.length,
        sha256: sha256(bytes),
        modifiedAt,
      },
    ],
  }));
  for (const [index, bytes] of contents.entries()) add(`größe/${index}.${extension}`, bytes, modifiedAt);
  outcomes.push(
    {
      assetId: 'gone',
      title: '',
      outcome: 'excluded',
      reason: 'asset.not_found',
      renamed: false,
      part: null,
      entries: [],
    },
    {
      ...outcomes[0]!,
      assetId: 'elsewhere',
      part: part.number + 1,
      entries: [{ ...outcomes[0]!.entries[0]!, path: 'else.jpg' }],
    },
  );
  const requestedBy = { name: 'Requester', email: 'requester@example.com' };
  const manifest: Manifest = {
    version: 1,
    downloadId: 'download',
    name: options.downloadName ?? 'Spring',
    requestedBy,
    createdAt: requestedAt,
    outcomes,
  };
  const manifestBytes = Buffer.from(JSON.stringify(manifest));
  const terms = Buffer.from('%PDF terms');
  add('manifest.json', manifestBytes);
  add('licences/Press.pdf', terms);

  const from = { ipAddress: '127.0.0.1', userAgent: 'test' };
  const receipt: Receipt = {
    version: 1,
    issuer: 'https://sheaf.example',
    downloadId: 'download',
    requestId: 'request',
    part,
    archive: { format: options.format ?? 'zip', compression: options.compression ?? 'store', layout: archiveLayout },
    requestedAt,
    requestedBy: { id: 'user', ...requestedBy },
    from,
    preparedAt: requestedAt,
    audit: { seq: 1, hash: 'ab'.repeat(32) },
    manifest: { path: 'manifest.json', sha256: sha256(manifestBytes), size: manifestBytes.length },
    licences: [
      {
        licenceId: 'press',
        title: 'Press',
        version: 1,
        sha256: sha256(terms),
        file: 'licences/Press.pdf',
        acceptedAt: requestedAt,
        acceptedFrom: from,
      },
    ],
    assets: contents.map((_bytes, index) => ({
      assetId: `asset-${index}`,
      title: `Größe ${index}`,
      licenceId: 'press',
    })),
  };
  options.changeReceipt?.(receipt);
  const { assets, version: _version, ...head } = receipt;
  const receiptBytes = await receiptJson(head, Readable.from(assets));
  add('receipt.json', receiptBytes);
  const hashes = { manifestSha256: sha256(manifestBytes), receiptSha256: sha256(receiptBytes) };
  add('signature.json', signatureJson(signReceipt(hashes, key)));
  return files;
}

async function writeFiles(
  files: BundleFiles,
  file: string,
  how: { format: Receipt['archive']['format']; compression: Receipt['archive']['compression'] },
): Promise<void> {
  const bySha256 = new Map<string, Buffer>();
  async function* entries(): AsyncGenerator<ArchiveEntry> {
    for (const [name, { bytes, modifiedAt }] of files) {
      const hash = sha256(bytes);
      bySha256.set(hash, bytes);
      if (name.endsWith('.json')) yield { path: name, modifiedAt, bytes };
      else yield { path: name, modifiedAt, blob: { sha256: hash, size: bytes.length, crc32: crc32(bytes) } };
    }
  }
  await writeArchive({
    entries: entries(),
    open: async ({ blob }) => Readable.from([bySha256.get(blob.sha256)!], { objectMode: false }),
    sink: createWriteStream(file),
    signal: new AbortController().signal,
    ...how,
  });
}
