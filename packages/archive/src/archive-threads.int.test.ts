import { open, readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { archiveBatches } from './archive-batches.ts';
import { encodeBatch } from './archive-thread-messages.ts';
import { startArchiveThreads } from './archive-threads.ts';
import { concatenated, setupStoredFiles } from './stored-files-under-test.ts';

const emptyBatch = () => ({ start: 0, literals: new Uint8Array(0), pieces: new Float64Array(0), files: [] });

test('a batch for a thread that has ended is refused, instead of being waited for without end', async () => {
  const file = await open(import.meta.filename);
  onTestFinished(() => file.close());
  const threads = startArchiveThreads({ archive: file.fd, compare: true, bytes: 0 });
  expect(await threads.run(emptyBatch())).toMatchObject({ problem: null });
  await threads.close();

  await expect(threads.run(emptyBatch())).rejects.toThrow('has ended');
});

test.each([0, 4_500_000_000])(
  'batches that begin anywhere are written to the byte, whatever the steps are that suit an archive of %i bytes',
  async (bytes) => {
    const { layout, files, target, fileOf } = await setupStoredFiles([1_000, 300_000, 70_000, 1]);
    const file = await open(target, 'w');
    onTestFinished(() => file.close());
    const threads = startArchiveThreads({ archive: file.fd, compare: false, bytes });

    for (const { start } of layout.segments(0)) {
      for await (const batch of archiveBatches(layout, start)) {
        expect(await threads.run(encodeBatch(batch, files.path!)!)).toMatchObject({ problem: null });
      }
    }
    await threads.close();

    const expected = await concatenated(layout, (sha256) => readFile(fileOf(sha256)));
    expect((await readFile(target)).equals(expected)).toBe(true);
  },
);
