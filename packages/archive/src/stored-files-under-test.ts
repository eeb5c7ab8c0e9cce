import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { AppError } from '@sheaf/domain/app-error';
import { onTestFinished } from 'vitest';
import type { BlobEntry, BlobReference } from './archive-entry.ts';
import type { Segmented } from './archive-layout.ts';
import type { BlobSource, ByteRange } from './blob-source.ts';
import { layoutArchive } from './layout-archive.ts';

/** Files of random bytes, recorded as a store would, the layout of an archive of them, and a place for it. */
export async function setupStoredFiles(sizes: readonly number[]) {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-write-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const fileOf = (sha256: string) => join(folder, sha256);
  const entries: BlobEntry[] = [];
  for (const [i, size] of sizes.entries()) {
    const bytes = randomBytes(size);
    const sha256 = createHash('sha256').update(`${i}`).digest('hex');
    await writeFile(fileOf(sha256), bytes);
    const path = `folder/${String(i).padStart(5, '0')}.bin`;
    entries.push({ path, modifiedAt: new Date(0), blob: { sha256, size, crc32: crc32(bytes) } });
  }
  const closing = [{ path: 'manifest.json', modifiedAt: new Date(0), bytes: randomBytes(700_000) }];

  async function open({ sha256 }: BlobReference, range: ByteRange): Promise<Readable> {
    const stream = createReadStream(fileOf(sha256), range);
    await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject)).catch(() => {
      throw new AppError('blob.missing', 'A stored file is missing.', { detail: { sha256 } });
    });
    return stream;
  }

  const files: BlobSource = { open, path: fileOf };
  return {
    folder,
    target: join(folder, 'archive.zip'),
    entries,
    fileOf,
    layout: layoutArchive(entries, { closing }),
    /** Files that are read as such. */
    files,
    /** The same, of which only streams are given out. */
    streams: { open } satisfies BlobSource,
    async openFiles(): Promise<string[]> {
      const descriptors = await readdir('/proc/self/fd');
      const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
      return targets.filter((target) => target.startsWith(folder));
    },
  };
}

/** The archive's bytes put together in the simplest way. */
export async function concatenated(archive: Segmented, read: (sha256: string) => Promise<Buffer>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const segment of archive.segments(0)) {
    parts.push('bytes' in segment ? segment.bytes : await read(segment.blob.sha256));
  }
  return Buffer.concat(parts);
}
