import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, onTestFinished } from 'vitest';
import type { ArchiveEntry, BlobEntry } from './archive-entry.ts';
import { type WriteWithArchiverOptions, writeWithArchiver } from './write-with-archiver.ts';

const MiB = 1024 * 1024;
export const everyFormat = [
  { format: 'zip', compression: 'store' },
  { format: 'zip', compression: 'deflate' },
  { format: 'tar', compression: 'store' },
  { format: 'tar.gz', compression: 'store' },
] as const;
export const small = 50_000;
export const large = 5 * MiB;
/** Below and above the size up to which an entry is read as a whole. */
export const everyFormatAndSize = everyFormat.flatMap((options) => [
  { ...options, size: small },
  { ...options, size: large },
]);

/** Three entries of one size whose sources are real files, and what packing them opened and closed. */
export async function setupPacking(size: number) {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-archive-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const source = join(folder, 'source');
  await writeFile(source, randomBytes(size));
  const opened: Readable[] = [];
  const abort = new AbortController();
  let entriesClosed = false;

  async function* entries(): AsyncGenerator<ArchiveEntry> {
    try {
      for (const path of ['first.bin', 'second.bin', 'third.bin']) yield entryOf(path, size);
    } finally {
      entriesClosed = true;
    }
  }

  async function open(): Promise<Readable> {
    const stream = createReadStream(source);
    opened.push(stream);
    return stream;
  }

  const sink = createWriteStream(join(folder, 'archive'));

  return {
    abort,
    opened,
    sink,
    open,
    pack: (options: Partial<WriteWithArchiverOptions>) =>
      writeWithArchiver({
        entries: entries(),
        open,
        sink,
        format: 'zip',
        compression: 'store',
        signal: abort.signal,
        ...options,
      }),
    /** Fails unless everything that packing touched is closed. */
    async expectAllClosed() {
      expect(opened.map((stream) => stream.closed)).toEqual(opened.map(() => true));
      expect(sink.closed).toBe(true);
      await expect.poll(() => entriesClosed).toBe(true);
      expect(await openFilesBelow(folder)).toEqual([]);
    },
  };
}

export function entryOf(path: string, size: number): BlobEntry {
  return { path, modifiedAt: new Date(0), blob: { sha256: '0'.repeat(64), size, crc32: 0 } };
}

async function openFilesBelow(folder: string): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd');
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(folder));
}
