import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import { writeWithArchiver } from '@sheaf/archive/write-with-archiver';
import { onTestFinished } from 'vitest';
import { keySetOf } from '../key-set.ts';
import type { Manifest } from '../manifest.ts';
import { licencesFolder, manifestFile, receiptFile, signatureFile } from '../own-files.ts';
import { engineLayout, layoutOf, type Receipt, receiptJson } from '../receipt.ts';
import { signatureJson, signReceipt } from '../signature.ts';
import { newSigningKey } from '../signing-key.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const requestedAt = '2026-11-01T12:00:00.123Z';

/** An archive's files by their paths, in order: what tests change before it is written. */
export type BundleFiles = Map<string, { bytes: Buffer; modifiedAt: Date }>;

export interface BundleOptions {
  format?: Receipt['archive']['format'];
  compression?: Receipt['archive']['compression'];
  /** The one of this version unless told otherwise: an earlier one wrote stored ZIPs in layout 1. */
  layout?: number;
  /** Bytes of each asset's original. */
  contents?: Buffer[];
  /** Of these, in the order of the request. */
  paths?: string[];
  /** Of the download. */
  downloadName?: string;
  /** Of their names. */
  extension?: string;
  part?: { number: number; of: number };
  changeReceipt?(receipt: Receipt): void;
  /** Changes what is written, after it was signed. */
  tamper?(files: BundleFiles): void;
  /** Writes layout 2 in the order of the request, which is wrong unless it is that of the paths. */
  unsorted?: boolean;
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
      const { layout = layoutOf({ format, compression }) } = options;
      const files = await makeFiles({ ...options, format, compression, layout }, key);
      options.tamper?.(files);
      const file = path.join(folder, `${randomBytes(4).toString('hex')}.${format}`);
      if (layout === engineLayout) await writeSegments(files, file, options);
      else await writeFiles(files, file, { format, compression });
      return file;
    },
  };
}

export type TestBundles = Awaited<ReturnType<typeof setupBundles>>;

async function makeFiles(options: BundleOptions & Receipt['archive'], key: TestBundles['key']): Promise<BundleFiles> {
  const {
    contents = [Buffer.from('boat'), Buffer.from('house')],
    part = { number: 1, of: 1 },
    extension = 'jpg',
    paths = contents.map((_bytes, index) => `größe/${index}.${extension}`),
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
        path: paths[index]!,
        kind: 'original',
        name: 'original',
        size: bytes.length,
        sha256: sha256(bytes),
        modifiedAt,
      },
    ],
  }));
  for (const [index, bytes] of contents.entries()) add(paths[index]!, bytes, modifiedAt);
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
    archive: { format: options.format, compression: options.compression, layout: options.layout },
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
  const receiptBytes = receiptJson(head, assets);
  add('receipt.json', receiptBytes);
  const hashes = { manifestSha256: sha256(manifestBytes), receiptSha256: sha256(receiptBytes) };
  add('signature.json', signatureJson(signReceipt(hashes, key)));
  return files;
}

/** Layout 1, as the worker writes it with the archiver library. */
async function writeFiles(
  files: BundleFiles,
  file: string,
  how: { format: Receipt['archive']['format']; compression: Receipt['archive']['compression'] },
): Promise<void> {
  const contents = new Map(Array.from(files.values(), ({ bytes }) => [sha256(bytes), bytes]));
  await writeWithArchiver({
    entries: Readable.from(entriesOf(files)),
    open: async ({ blob }) => Readable.from([contents.get(blob.sha256)!], { objectMode: false }),
    sink: createWriteStream(file),
    signal: new AbortController().signal,
    ...how,
  });
}

/** Layout 2. */
async function writeSegments(files: BundleFiles, file: string, { unsorted }: BundleOptions): Promise<void> {
  const entries = [...entriesOf(files)];
  const isContent = ({ path }: ArchiveEntry) => !ownFiles.has(path) && !path.startsWith(licencesFolder);
  const layout = unsorted
    ? layoutArchive([], { closing: entries })
    : layoutArchive(entries.filter(isContent), { closing: entries.filter((entry) => !isContent(entry)) });
  const handle = await open(file, 'w');
  try {
    for (const segment of layout.segments(0)) {
      const bytes = 'blob' in segment ? files.get(segment.path)!.bytes : segment.bytes;
      await handle.write(bytes, 0, bytes.length, segment.start);
    }
  } finally {
    await handle.close();
  }
}

const ownFiles: ReadonlySet<string> = new Set([manifestFile, receiptFile, signatureFile]);

function* entriesOf(files: BundleFiles): Generator<ArchiveEntry> {
  for (const [name, { bytes, modifiedAt }] of files) {
    if (name.endsWith('.json')) yield { path: name, modifiedAt, bytes };
    else yield { path: name, modifiedAt, blob: { sha256: sha256(bytes), size: bytes.length, crc32: crc32(bytes) } };
  }
}
