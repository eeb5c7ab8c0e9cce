import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AppError } from '@sheaf/domain/app-error';
import { expect, test } from 'vitest';
import type { ArchiveLayout, BlobSegment, Segmented } from './archive-layout.ts';
import type { BlobSource } from './blob-source.ts';
import { layoutArchive } from './layout-archive.ts';
import { readWhole, setupBlobs, unreadEntry } from './layout-under-test.ts';
import { readArchive } from './read-archive.ts';

const small = 50_000;
const large = 1_000_000;

/** Three stored files of one size; the source of the second is up to the test. */
function setup(size = small) {
  const blobs = setupBlobs();
  const contents = [1, 2, 3].map((fill) => Buffer.alloc(size, fill));
  const entries = contents.map((content, index) => blobs.add(`${index + 1}.bin`, content));
  const layout = layoutArchive(entries);
  const second = Array.from(layout.segments(0)).find(
    (segment): segment is BlobSegment => 'blob' in segment && segment.path === '2.bin',
  )!;

  function withSecond(open: () => Promise<Readable>): BlobSource {
    return {
      async open(blob, range) {
        if (blob !== second.blob) return blobs.source.open(blob, range);
        const stream = await open();
        blobs.opened.push(stream);
        return stream;
      },
    };
  }

  async function expectAllClosed() {
    await expect.poll(() => blobs.opened.every((stream) => stream.closed)).toBe(true);
  }

  return { ...blobs, contents, layout, second, withSecond, expectAllClosed };
}

/** Bytes that come out before the stream closes, and its error. */
async function readUntilClosed(stream: Readable): Promise<{ received: number; error: unknown }> {
  let received = 0;
  let error: unknown = null;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  stream.on('error', (failure) => {
    error = failure;
  });
  await new Promise((resolve) => stream.once('close', resolve));
  return { received, error };
}

const all = ({ size }: Segmented) => ({ start: 0, end: size - 1 });

function* bytesThen(count: number, finale: () => void) {
  for (let rest = count; rest > 0; rest -= 60_000) yield Buffer.alloc(Math.min(rest, 60_000), 2);
  finale();
}

test.each([
  { start: -1, end: 0 },
  { start: 1, end: 0 },
  { start: 0.5, end: 1 },
  { start: 0, end: Number.NaN },
  { start: 0, end: Number.POSITIVE_INFINITY },
])('the range from $start to $end is refused', (range) => {
  const { layout, source } = setup();
  expect(() => readArchive(layout, source, range)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
});

test('a range beyond the end is refused, one up to it is not', async () => {
  const { layout, source } = setup();
  const { size } = layout;
  const last = await readWhole(layout, source, { start: size - 1, end: size - 1 });
  expect(last).toHaveLength(1);
  expect(() => readArchive(layout, source, { start: size - 1, end: size })).toThrow(
    expect.objectContaining({ code: 'input.invalid' }),
  );
});

test('a range of a large file opens just those bytes of it, and nothing else', async () => {
  const { layout, second, contents, source } = setup(large);
  const asked: unknown[] = [];
  const recording: BlobSource = {
    open(blob, range) {
      asked.push([blob.sha256, range]);
      return source.open(blob, range);
    },
  };

  const bytes = await readWhole(layout, recording, { start: second.start + 100_000, end: second.start + 299_999 });

  expect(asked).toEqual([[second.blob.sha256, { start: 100_000, end: 299_999 }]]);
  expect(bytes).toEqual(contents[1]!.subarray(100_000, 300_000));
});

const sizes = [small, large];
const wrongLengths = sizes.flatMap((size) => [
  { size, given: 0 },
  { size, given: size / 2 },
  { size, given: size - 1 },
  { size, given: size + 1 },
  { size, given: size + 200_000 },
]);

test.each(wrongLengths)(
  'a file of $given bytes instead of $size is blob.corrupt before its end',
  async ({ size, given }) => {
    const { layout, second, withSecond, expectAllClosed } = setup(size);
    const source = withSecond(async () =>
      Readable.from(
        bytesThen(given, () => {}),
        { objectMode: false },
      ),
    );

    const { received, error } = await readUntilClosed(readArchive(layout, source, all(layout)));

    expect(error).toMatchObject({
      code: 'blob.corrupt',
      detail: { path: '2.bin', sha256: second.blob.sha256, expectedSize: size },
    });
    expect(received).toBeLessThan(second.start + second.size);
    await expectAllClosed();
  },
);

test.each(sizes)('a file of %i bytes whose source closes without a word is blob.corrupt', async (size) => {
  const { layout, withSecond, expectAllClosed } = setup(size);
  const source = withSecond(async () => {
    const stream = new Readable({ read: () => {} });
    stream.push(Buffer.alloc(size / 2));
    setImmediate(() => stream.destroy());
    return stream;
  });
  const { error } = await readUntilClosed(readArchive(layout, source, all(layout)));
  expect(error).toMatchObject({ code: 'blob.corrupt', detail: { path: '2.bin' } });
  await expectAllClosed();
});

test.each(sizes)('a file of %i bytes with other bytes is blob.corrupt before its end, where verified', async (size) => {
  const { layout, second, withSecond, expectAllClosed } = setup(size);
  const source = withSecond(async () => Readable.from([Buffer.alloc(size, 7)], { objectMode: false }));

  const { received, error } = await readUntilClosed(readArchive(layout, source, all(layout), { verify: true }));

  expect(error).toMatchObject({ code: 'blob.corrupt', detail: { path: '2.bin', sha256: second.blob.sha256 } });
  expect(received).toBeLessThan(second.start + second.size);
  await expectAllClosed();
});

test('a part of a file is not held against the CRC-32 of the whole', async () => {
  const { layout, second, source } = setup(large);
  await expect(readWhole(layout, source, { start: second.start + 1, end: second.start + 5 })).resolves.toHaveLength(5);
});

const faults = sizes.flatMap((size) => [
  { size, fails: 'half-way', given: size / 2 },
  { size, fails: 'after its last byte', given: size },
]);

test.each(faults)('a source of $size bytes that fails $fails fails with its own error', async ({ size, given }) => {
  const { layout, second, withSecond, expectAllClosed } = setup(size);
  const failure = new AppError('storage.unavailable', 'the disk went away');
  const failing = () => {
    throw failure;
  };
  const source = withSecond(async () => Readable.from(bytesThen(given, failing), { objectMode: false }));

  const { received, error } = await readUntilClosed(readArchive(layout, source, all(layout)));

  expect(error).toBe(failure);
  expect(received).toBeLessThan(second.start + second.size);
  await expectAllClosed();
});

test.each(sizes)('a file of %i bytes that is missing fails as its source says', async (size) => {
  const { layout, second, contents } = setup(size);
  const stored = setupBlobs();
  stored.add('1.bin', contents[0]!);
  const { received, error } = await readUntilClosed(readArchive(layout, stored.source, all(layout)));
  expect(error).toMatchObject({ code: 'blob.missing', detail: { sha256: second.blob.sha256 } });
  expect(received).toBeLessThan(second.start);
});

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

test('a client that stops reading stops the reading of files, at no more than a megabyte', async () => {
  const { layout, withSecond, second } = setup(50 * large);
  let pulled = 0;
  const source = withSecond(
    async () =>
      new Readable({
        highWaterMark: 100_000,
        read() {
          pulled += 100_000;
          this.push(pulled <= second.size ? Buffer.alloc(100_000, 2) : null);
        },
      }),
  );
  const stream = readArchive(layout, source, { start: second.start, end: layout.size - 1 });
  stream.read(1);
  await expect.poll(() => stream.readableLength).toBeGreaterThan(0);
  const steady = { turns: 0, at: -1 };
  await expect
    .poll(() => {
      steady.turns = steady.at === pulled ? steady.turns + 1 : 0;
      steady.at = pulled;
      return steady.turns;
    })
    .toBeGreaterThan(3);
  expect(pulled).toBeLessThanOrEqual(large);
  stream.destroy();
});

test('small files are read a little ahead, and a large one is the only one open', async () => {
  const blobs = setupBlobs();
  const layout = layoutArchive([
    blobs.add('0 small.bin', Buffer.alloc(1_000, 0)),
    blobs.add('1 large.bin', Buffer.alloc(large, 1)),
    blobs.add('2 large.bin', Buffer.alloc(large, 2)),
    blobs.add('3 small.bin', Buffer.alloc(1_000, 3)),
  ]);
  let mostOpen = 0;
  const counting: BlobSource = {
    async open(blob, range) {
      const stream = await blobs.source.open(blob, range);
      mostOpen = Math.max(mostOpen, blobs.opened.filter(({ closed }) => !closed).length);
      return stream;
    },
  };
  await readWhole(layout, counting);
  expect(mostOpen).toBeLessThanOrEqual(2);
});

test('an abort or a client that leaves at every segment boundary leaves nothing open', async () => {
  const blobs = setupBlobs();
  const entries = [0, 10, small, 200_000, large].map((size) => blobs.add(`${size}.bin`, Buffer.alloc(size, 9)));
  const layout: ArchiveLayout = layoutArchive([...entries, unreadEntry('empty')]);
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
