import { createWriteStream } from 'node:fs';
import { expect, test } from 'vitest';
import type { Segmented } from './archive-layout.ts';
import { setupStoredFiles } from './stored-files-under-test.ts';
import { verifiedPrefix } from './verified-prefix.ts';
import { writeArchive } from './write-archive.ts';

const MiB = 1024 * 1024;

test.each(['file', 'stream'])(
  'an abort half-way settles within 100 ms with the reason and nothing open: %s',
  async (sink) => {
    const { layout, files, target, openFiles } = await setupStoredFiles([200 * MiB]);
    const abort = new AbortController();
    const reason = new Error('cancelled');
    let abortedAt = 0;

    const written = writeArchive(layout, files, sink === 'file' ? { path: target } : createWriteStream(target), {
      signal: abort.signal,
      onProgress() {
        abortedAt ||= performance.now();
        abort.abort(reason);
      },
    });

    await expect(written).rejects.toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(100);
    await expect.poll(openFiles).toEqual([]);
  },
);

test('a signal that has aborted already writes nothing', async () => {
  const { layout, files, target, openFiles } = await setupStoredFiles([1]);
  const signal = AbortSignal.abort(new Error('cancelled'));

  await expect(writeArchive(layout, files, { path: target }, { signal })).rejects.toThrow('cancelled');
  await expect(verifiedPrefix(layout, target, signal)).rejects.toThrow('cancelled');
  expect(await openFiles()).toEqual([]);
});

test('an abort does not wait for segments that are stuck', async () => {
  const { layout, files, target, openFiles } = await setupStoredFiles([1_000]);
  const abort = new AbortController();
  const stuck: Segmented = {
    size: layout.size,
    async *segments() {
      abort.abort(new Error('cancelled'));
      await new Promise(() => {});
    },
  };

  await expect(writeArchive(stuck, files, { path: target }, { signal: abort.signal })).rejects.toThrow('cancelled');
  expect(await openFiles()).toEqual([]);
});
