import { Readable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import { expect, test } from 'vitest';
import type { BlobSource } from './blob-source.ts';
import { layoutArchive } from './layout-archive.ts';
import { readWhole, setupBlobs } from './layout-under-test.ts';
import { readArchive } from './read-archive.ts';
import { all, large, readUntilClosed, setup, sizes } from './reading-under-test.ts';

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

test('what was read of a large file is given out without waiting for more of it, but for its last byte', async () => {
  const { layout, second, withSecond } = setup(large);
  const stored = new Readable({ read: () => {} });
  const stream = readArchive(
    layout,
    withSecond(async () => stored),
    all(layout),
  );
  let received = 0;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });

  stored.push(Buffer.alloc(large / 2, 2));
  await expect.poll(() => received).toBe(second.start + large / 2);
  stored.push(Buffer.alloc(large / 2, 2));
  await expect.poll(() => stored.readableLength).toBe(0);
  expect(received).toBe(second.start + large / 2);
  stored.push(null);
  await expect.poll(() => received).toBe(layout.size);
});

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
