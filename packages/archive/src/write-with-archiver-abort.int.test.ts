import { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { ArchiveEntry } from './archive-entry.ts';
import { everyFormatAndSize, large, setupPacking, small } from './packing-under-test.ts';

test('a signal that has aborted already opens nothing', async () => {
  const { abort, opened, pack, sink } = await setupPacking(small);
  abort.abort(new Error('cancelled'));

  await expect(pack({})).rejects.toThrow('cancelled');
  expect(opened).toEqual([]);
  expect(sink.closed).toBe(true);
});

test.each(everyFormatAndSize)(
  'an abort midway rejects with the reason and leaves nothing open: %o',
  async (options) => {
    const { abort, pack, expectAllClosed } = await setupPacking(options.size);
    const reason = new Error('cancelled');

    const packed = pack({
      ...options,
      onProgress: ({ bytesDone }) => {
        if (bytesDone >= options.size * 1.5) abort.abort(reason);
      },
    });

    await expect(packed).rejects.toBe(reason);
    await expectAllClosed();
  },
);

test('an abort while the sink accepts nothing rejects with the reason and leaves nothing open', async () => {
  const { abort, opened, pack } = await setupPacking(large);
  const stuck = new Writable({ highWaterMark: 1, write: () => abort.abort(new Error('cancelled')) });

  await expect(pack({ sink: stuck })).rejects.toThrow('cancelled');
  expect(stuck.closed).toBe(true);
  expect(opened.map((stream) => stream.closed)).toEqual([true]);
});

test('an abort while a source is being opened closes it when it comes', async () => {
  const { abort, open, opened, pack } = await setupPacking(small);
  const { promise: mayOpen, resolve: allowOpen } = Promise.withResolvers<void>();

  const packed = pack({
    async open() {
      abort.abort(new Error('cancelled'));
      await mayOpen;
      return open();
    },
  });
  await expect(packed).rejects.toThrow('cancelled');
  allowOpen();

  await expect.poll(() => opened.map((stream) => stream.closed)).toEqual([true]);
});

test('an abort while a source gives nothing rejects with the reason and closes it', async () => {
  const { abort, pack } = await setupPacking(small);
  const silent = new Readable({ read: () => abort.abort(new Error('cancelled')) });

  await expect(pack({ open: async () => silent })).rejects.toThrow('cancelled');
  expect(silent.closed).toBe(true);
});

test('an abort while the entries are stuck rejects with the reason', async () => {
  const { abort, pack, sink } = await setupPacking(small);
  async function* stuck(): AsyncGenerator<ArchiveEntry> {
    abort.abort(new Error('cancelled'));
    await new Promise(() => {});
  }

  await expect(pack({ entries: stuck() })).rejects.toThrow('cancelled');
  expect(sink.closed).toBe(true);
});
