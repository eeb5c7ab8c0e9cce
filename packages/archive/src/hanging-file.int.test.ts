import { execFileSync } from 'node:child_process';
import { constants, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { AppError } from '@sheaf/domain/app-error';
import { expect, onTestFinished, test } from 'vitest';
import type { BlobSource, StallLimit } from './blob-source.ts';
import { readArchive } from './read-archive.ts';
import { setupStoredFiles } from './stored-files-under-test.ts';
import { writeArchive } from './write-archive.ts';

const silence = new AppError('storage.unavailable', 'Silent for too long.');
const signal = new AbortController().signal;

/** As the storage's: whoever waits is told after so long without progress. */
const stallLimit: StallLimit = {
  within: (pending) => {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(silence), 200);
    return Promise.race([pending, promise]).finally(() => clearTimeout(timer));
  },
  watch(onStalled, progress = () => 0) {
    let seen = progress();
    const timer = setInterval(() => {
      const now = progress();
      if (now === seen) onStalled(silence);
      seen = now;
    }, 200);
    return () => clearInterval(timer);
  },
};

/** Stored files of which the second hangs whoever opens it: a pipe into which nobody writes. */
async function setup() {
  const stored = await setupStoredFiles([300_000, 300_000, 300_000]);
  const { sha256 } = stored.entries[1]!.blob;
  const pipe = stored.fileOf(sha256);
  await rm(pipe);
  execFileSync('mkfifo', [pipe]);
  const letGo = async () => {
    const handle = await open(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    await handle.close();
  };
  onTestFinished(letGo);
  const files: BlobSource = { ...stored.files, stallLimit };
  return { ...stored, files, letGo };
}

test.each(['file', 'stream'])('writing into a %s does not wait for a stored file that hangs', async (sink) => {
  const { layout, files, target } = await setup();
  const written = writeArchive(layout, files, sink === 'file' ? { path: target } : createWriteStream(target), {
    signal,
  });
  await expect(written).rejects.toThrow(silence);
});

test('a thread that hung writes nothing into a file that was given up, and closes it when it is let go', async () => {
  const { layout, files, target, openFiles, letGo } = await setup();
  await expect(writeArchive(layout, files, { path: target }, { signal })).rejects.toThrow(silence);
  expect(await openFiles()).toContain(target);
  const { size } = await stat(target);
  await letGo();
  await expect.poll(openFiles).toEqual([]);
  expect((await stat(target)).size).toBe(size);
});

test('a reader is told of a stored file that hangs, and everything before it was sent', async () => {
  const { layout, files } = await setup();
  const reading = readArchive(layout, files, { start: 0, end: layout.size - 1 });
  let received = 0;
  reading.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  await expect(buffer(reading)).rejects.toThrow(silence);
  expect(received).toBeGreaterThan(300_000);
});
