import { Readable, Writable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import { expect, test } from 'vitest';
import type { ArchiveEntry, BlobEntry } from './archive-entry.ts';
import { entryOf, everyFormat, everyFormatAndSize, large, setupPacking, small } from './packing-under-test.ts';

/** A source that gives some bytes and then what is asked for: an error, its end, or a close without either. */
function sourceThat(gives: number, finale: 'ends' | 'closes' | Error): Readable {
  let rest = gives;
  return new Readable({
    read() {
      if (rest > 0) {
        const chunk = Buffer.alloc(Math.min(rest, 65_536));
        rest -= chunk.length;
        this.push(chunk);
      } else if (finale === 'ends') {
        this.push(null);
      } else {
        this.destroy(finale === 'closes' ? undefined : finale);
      }
    },
  });
}

test.each(everyFormatAndSize)(
  'a source that fails midway fails the archive with its own error: %o',
  async (options) => {
    const { open, opened, pack, expectAllClosed } = await setupPacking(options.size);
    const failure = new AppError('blob.corrupt', 'damaged');
    const failing = async (entry: BlobEntry) => {
      if (entry.path !== 'second.bin') return open();
      const stream = sourceThat(options.size / 2, failure);
      opened.push(stream);
      return stream;
    };

    await expect(pack({ ...options, open: failing })).rejects.toBe(failure);

    expect(opened).toHaveLength(2);
    await expectAllClosed();
  },
);

test.each(everyFormatAndSize)('a source that fails after its last byte fails the archive: %o', async (options) => {
  const { pack, expectAllClosed } = await setupPacking(options.size);
  const failure = new AppError('blob.corrupt', 'damaged');

  await expect(pack({ ...options, open: async () => sourceThat(options.size, failure) })).rejects.toBe(failure);

  await expectAllClosed();
});

test.each(
  everyFormatAndSize.flatMap((options) => [
    { ...options, given: 0, finale: 'ends' as const },
    { ...options, given: options.size - 1, finale: 'ends' as const },
    { ...options, given: options.size + 1, finale: 'ends' as const },
    { ...options, given: options.size / 2, finale: 'closes' as const },
  ]),
)('a source of another length than recorded is blob.corrupt, never padded or cut: %o', async (options) => {
  const { pack, expectAllClosed } = await setupPacking(options.size);

  const packed = pack({ ...options, open: async () => sourceThat(options.given, options.finale) });

  await expect(packed).rejects.toMatchObject({ code: 'blob.corrupt', detail: { path: 'first.bin' } });
  await expectAllClosed();
});

test('a source that cannot be opened fails the archive with its own error, and no other is opened', async () => {
  const { open, opened, pack, expectAllClosed } = await setupPacking(small);
  const failure = new AppError('blob.missing', 'gone');

  const packed = pack({ open: (entry) => (entry.path === 'second.bin' ? Promise.reject(failure) : open()) });

  await expect(packed).rejects.toBe(failure);
  expect(opened).toHaveLength(1);
  await expectAllClosed();
});

test('entries that fail midway fail the archive with their own error', async () => {
  const { pack, sink } = await setupPacking(small);
  const failure = new Error('the database went away');
  async function* failing() {
    yield entryOf('first.bin', small);
    throw failure;
  }

  await expect(pack({ entries: failing() })).rejects.toBe(failure);
  expect(sink.closed).toBe(true);
});

test.each(everyFormat)('no entries at all is download.empty, never an empty archive: %o', async (options) => {
  const { pack, sink } = await setupPacking(small);
  async function* none(): AsyncGenerator<ArchiveEntry> {}

  await expect(pack({ ...options, entries: none() })).rejects.toMatchObject({ code: 'download.empty' });
  expect(sink.closed).toBe(true);
});

test.each(everyFormatAndSize)('a sink that fails, fails the archive with its own error: %o', async (options) => {
  const { opened, pack } = await setupPacking(options.size);
  const failure = new AppError('storage.full', 'full', { retryable: true });
  let received = 0;
  const full = new Writable({
    write(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      done(received > 60_000 ? failure : null);
    },
  });

  await expect(pack({ ...options, sink: full })).rejects.toBe(failure);

  expect(full.closed).toBe(true);
  expect(opened.every((stream) => stream.closed)).toBe(true);
});

test('a sink that is closed by its reader midway fails the archive', async () => {
  const { opened, pack } = await setupPacking(large);
  const closing = new Writable({
    write(_chunk, _encoding, done) {
      this.destroy();
      done();
    },
  });

  await expect(pack({ sink: closing })).rejects.toThrow();
  expect(opened.every((stream) => stream.closed)).toBe(true);
});

const clashes = [
  { paths: ['a', 'b', 'a'], path: 'a' },
  { paths: ['a', 'a/b'], path: 'a' },
  { paths: ['a/b/c', 'a/b'], path: 'a/b' },
].flatMap((clash) => everyFormat.map((options) => ({ ...clash, ...options })));

test.each(clashes)('entries that cannot all be unpacked fail the archive: %o', async ({ paths, path, ...options }) => {
  const { opened, sink, pack } = await setupPacking(small);
  async function* clashing() {
    for (const each of paths) yield entryOf(each, small);
  }

  await expect(pack({ ...options, entries: clashing() })).rejects.toMatchObject({
    code: 'input.invalid',
    detail: { path },
  });
  expect(opened.every((stream) => stream.closed)).toBe(true);
  expect(sink.closed).toBe(true);
});

test('an entry with an unsafe path fails the archive instead of being renamed', async () => {
  const { pack } = await setupPacking(small);
  async function* hostile() {
    yield entryOf('../outside.txt', small);
  }

  await expect(pack({ entries: hostile() })).rejects.toMatchObject({
    code: 'internal',
    detail: { path: '../outside.txt' },
  });
});
