import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Segmented } from './archive-layout.ts';
import { layoutArchive } from './layout-archive.ts';
import { setupBlobs, unreadEntry } from './layout-under-test.ts';
import { readArchive } from './read-archive.ts';
import { all, large, readUntilClosed, setup, sizes, small } from './reading-under-test.ts';

test('a signal that has aborted already opens nothing', async () => {
  const { layout, source, opened } = setup();
  const reason = new Error('cancelled');
  const stream = readArchive(layout, source, all(layout), { signal: AbortSignal.abort(reason) });
  await expect(buffer(stream)).rejects.toBe(reason);
  expect(opened).toEqual([]);
});

test.each(sizes)('an abort while storage of %i bytes stalls closes everything at once', async (size) => {
  const { layout, withSecond, opened } = setup(size);
  const abort = new AbortController();
  const stalled = new Readable({ read: () => setImmediate(() => abort.abort(new Error('cancelled'))) });
  const source = withSecond(async () => stalled);

  const { error } = await readUntilClosed(readArchive(layout, source, all(layout), { signal: abort.signal }));

  expect(error).toBe(abort.signal.reason);
  expect(opened.map((stream) => stream.closed)).toEqual(opened.map(() => true));
  expect(stalled.closed).toBe(true);
});

test('an abort while a file is being opened does not wait for it, and closes it when it comes', async () => {
  const { layout, withSecond, expectAllClosed, opened } = setup(large);
  const abort = new AbortController();
  const opening = Promise.withResolvers<Readable>();
  const source = withSecond(() => {
    setImmediate(() => abort.abort(new Error('cancelled')));
    return opening.promise;
  });

  const { error } = await readUntilClosed(readArchive(layout, source, all(layout), { signal: abort.signal }));
  expect(error).toBe(abort.signal.reason);
  const late = new Readable({ read: () => {} });
  opening.resolve(late);

  await expect.poll(() => opened).toContain(late);
  await expectAllClosed();
});

test('an abort while the segments are stuck closes the stream with its reason', async () => {
  const { source } = setup();
  const abort = new AbortController();
  const stuck: Segmented = {
    size: 100,
    async *segments() {
      setImmediate(() => abort.abort(new Error('cancelled')));
      await new Promise(() => {});
    },
  };
  const { error } = await readUntilClosed(readArchive(stuck, source, all(stuck), { signal: abort.signal }));
  expect(error).toBe(abort.signal.reason);
});

test('an abort or a client that leaves at every segment boundary leaves nothing open', async () => {
  const blobs = setupBlobs();
  const entries = [0, 10, small, 200_000, large].map((size) => blobs.add(`${size}.bin`, Buffer.alloc(size, 9)));
  const layout = layoutArchive([...entries, unreadEntry('empty')]);
  const boundaries = Array.from(layout.segments(0), ({ start }) => start);
  expect(boundaries.length).toBeGreaterThan(10);

  for (const boundary of boundaries) {
    for (const leaves of ['abort', 'destroy'] as const) {
      const abort = new AbortController();
      const stream = readArchive(layout, blobs.source, all(layout), { signal: abort.signal });
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.on('error', () => {});
      let received = 0;
      if (boundary === 0) leave();
      stream.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received >= boundary) leave();
      });
      function leave() {
        if (leaves === 'abort') abort.abort(new Error('cancelled'));
        else stream.destroy();
      }
      await closed;
      expect(stream.errored).toBe(leaves === 'abort' ? abort.signal.reason : null);
      await expect.poll(() => blobs.opened.filter((source) => !source.closed)).toEqual([]);
    }
  }
});
