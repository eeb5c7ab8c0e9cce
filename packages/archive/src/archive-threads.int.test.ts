import { open } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startArchiveThreads } from './archive-threads.ts';

const emptyBatch = () => ({ start: 0, literals: new Uint8Array(0), pieces: new Float64Array(0), files: [] });

test('a batch for a thread that has ended is refused, instead of being waited for without end', async () => {
  const file = await open(import.meta.filename);
  onTestFinished(() => file.close());
  const threads = startArchiveThreads({ archive: file.fd, compare: true });
  expect(await threads.run(emptyBatch())).toMatchObject({ problem: null });
  await threads.close();

  await expect(threads.run(emptyBatch())).rejects.toThrow('has ended');
});
