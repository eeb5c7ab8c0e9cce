import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '@sheaf/domain/app-error';
import { expect, test } from 'vitest';
import { type BlobStoreUnderTest, recordOf } from './blob-store-under-test.ts';
import { readVerified } from './verified-read.ts';

const MiB = 1024 * 1024;

function* slices(bytes: Uint8Array, length: number) {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

/** What is stored and read is the same, or nothing is. */
export function testBlobContent(setup: () => Promise<BlobStoreUnderTest>): void {
  test.each([
    ['an empty source', 0, 1],
    ['a single byte', 1, 1],
    ['less than a batch in small chunks', 300_000, 1_000],
    ['a batch to the byte', MiB, 64 * 1024],
    ['one byte more than a batch', MiB + 1, 64 * 1024],
    ['several batches in uneven chunks', 5 * MiB + 12_345, 70_001],
    ['one chunk larger than a batch', 3 * MiB, 3 * MiB],
  ])('%s is stored under its SHA-256, with its size and CRC-32, and read back as it was', async (_, size, chunk) => {
    const { store, count } = await setup();
    const bytes = randomBytes(size);

    const stored = await store.put(Readable.from(slices(bytes, chunk)));

    expect(stored).toEqual({ ...recordOf(bytes), created: true });
    expect(await store.stat(stored.sha256)).toEqual({ size });
    expect((await buffer(await store.read(stored.sha256))).equals(bytes)).toBe(true);
    expect(await count()).toEqual({ blobs: 1, temporary: 0 });
  });

  test.each([
    ['small', 100],
    ['large', 2 * MiB + 1],
  ])('the same bytes again keep the blob that is there (%s)', async (_, size) => {
    const { store, count } = await setup();
    const bytes = randomBytes(size);
    const first = await store.put(Readable.from([bytes]));

    expect(await store.put(Readable.from([bytes]))).toEqual({ ...first, created: false });
    expect(await count()).toEqual({ blobs: 1, temporary: 0 });
  });

  test('puts of the same bytes at the same time all succeed and leave one blob', async () => {
    const { store, count } = await setup();
    const bytes = randomBytes(2 * MiB);

    const stored = await Promise.all(Array.from({ length: 8 }, () => store.put(Readable.from(slices(bytes, 65_536)))));

    expect(new Set(stored.map(({ sha256 }) => sha256))).toEqual(new Set([recordOf(bytes).sha256]));
    expect(stored.some(({ created }) => created)).toBe(true);
    expect((await buffer(await readVerified(store, recordOf(bytes)))).equals(bytes)).toBe(true);
    expect(await count()).toEqual({ blobs: 1, temporary: 0 });
  });

  test('many different puts at the same time do not mix', async () => {
    const { store } = await setup();
    const files = Array.from({ length: 50 }, (_, index) => randomBytes(1 + index * 1_000));

    const stored = await Promise.all(files.map((bytes) => store.put(Readable.from(slices(bytes, 777)))));

    expect(stored).toEqual(files.map((bytes) => ({ ...recordOf(bytes), created: true })));
  });

  test('a blob that was cut short behind our back is healed by the next put of its bytes', async () => {
    const { store, overwrite } = await setup();
    const bytes = randomBytes(10_000);
    const { sha256 } = await store.put(Readable.from([bytes]));
    await overwrite(sha256, bytes.subarray(0, 9_000));

    expect(await store.put(Readable.from([bytes]))).toEqual({ ...recordOf(bytes), created: true });
    expect((await buffer(await store.read(sha256))).equals(bytes)).toBe(true);
  });

  test.each([
    ['small', 100],
    ['large', 2 * MiB + 1],
  ])('a blob that is not to be kept is replaced by the next put of its bytes (%s)', async (_, size) => {
    const { store, overwrite, count } = await setup();
    const bytes = randomBytes(size);
    const { sha256 } = await store.put(Readable.from([bytes]));
    await overwrite(sha256, randomBytes(size));
    const asked: string[] = [];

    const keep = async (name: string) => asked.push(name) === 0;
    expect(await store.put(Readable.from([bytes]), { keep })).toMatchObject({ sha256, created: true });

    expect(asked).toEqual([sha256]);
    expect((await buffer(await store.read(sha256))).equals(bytes)).toBe(true);
    expect(await count()).toEqual({ blobs: 1, temporary: 0 });
  });

  test.each([
    ['before the first batch', 1_000],
    ['after several batches', 3 * MiB],
  ])('a source that fails %s passes its own error on and leaves nothing', async (_, sizeBefore) => {
    const { store, count } = await setup();
    const failure = new Error('the source broke');
    async function* broken() {
      yield* slices(randomBytes(sizeBefore), 65_536);
      throw failure;
    }

    await expect(store.put(Readable.from(broken()))).rejects.toBe(failure);
    expect(await count()).toEqual({ blobs: 0, temporary: 0 });
  });

  test.each([
    ['before the first batch', 1_000],
    ['after several batches', 3 * MiB],
  ])('a put aborted %s rejects with the reason, closes its source and leaves nothing', async (_, sizeBefore) => {
    const { store, count } = await setup();
    const abort = new AbortController();
    const chunks = slices(randomBytes(sizeBefore), 65_536);
    const source = new Readable({
      read() {
        const next = chunks.next();
        // From here on the source is stuck: only the signal can end the put.
        if (next.done) abort.abort(new Error('cancelled'));
        else this.push(next.value);
      },
    });

    await expect(store.put(source, { signal: abort.signal })).rejects.toThrow('cancelled');
    expect(source.destroyed).toBe(true);
    expect(await count()).toEqual({ blobs: 0, temporary: 0 });
  });

  test('a signal that has aborted already stores nothing', async () => {
    const { store, count } = await setup();

    const put = store.put(Readable.from([Buffer.from('x')]), { signal: AbortSignal.abort(new Error('cancelled')) });

    await expect(put).rejects.toThrow('cancelled');
    expect(await count()).toEqual({ blobs: 0, temporary: 0 });
  });

  test('one byte over maxBytes is refused, closes the source and leaves nothing; maxBytes itself is stored', async () => {
    const { store, count } = await setup();
    const source = Readable.from(slices(randomBytes(2 * MiB), 65_536));

    await expect(store.put(source, { maxBytes: 2 * MiB - 1 })).rejects.toMatchObject({ code: 'upload.too_large' });
    expect(source.destroyed).toBe(true);
    expect(await count()).toEqual({ blobs: 0, temporary: 0 });

    const bytes = randomBytes(2 * MiB);
    expect(await store.put(Readable.from([bytes]), { maxBytes: 2 * MiB })).toMatchObject({ created: true });
  });

  test('a range gives exactly its bytes, to the last one where it ends past it', async () => {
    const { store } = await setup();
    const bytes = randomBytes(MiB);
    const { sha256 } = await store.put(Readable.from([bytes]));
    const read = async (start: number, end: number) => buffer(await store.read(sha256, { start, end }));

    expect((await read(0, 0)).equals(bytes.subarray(0, 1))).toBe(true);
    expect((await read(300_000, 799_999)).equals(bytes.subarray(300_000, 800_000))).toBe(true);
    expect((await read(MiB - 1, Number.MAX_SAFE_INTEGER)).equals(bytes.subarray(MiB - 1))).toBe(true);
  });

  test.each([[{ start: 10, end: 20 }], [{ start: 5, end: 4 }], [{ start: -1, end: 4 }], [{ start: 0.5, end: 4 }]])(
    'the range %o outside ten bytes is refused',
    async (range) => {
      const { store } = await setup();
      const { sha256 } = await store.put(Readable.from([randomBytes(10)]));

      await expect(store.read(sha256, range)).rejects.toMatchObject({ code: 'input.invalid' });
    },
  );

  test.each([
    ['a flipped bit', (bytes: Buffer) => bytes.fill(bytes[500_000]! ^ 1, 500_000, 500_001)],
    ['a missing end', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['a byte too many', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ['nothing left', () => Buffer.alloc(0)],
  ])('%s fails a verified read with blob.corrupt', async (_, damage) => {
    const { store, overwrite } = await setup();
    const bytes = randomBytes(MiB);
    const stored = await store.put(Readable.from([Buffer.from(bytes)]));
    await overwrite(stored.sha256, damage(bytes));

    const failure = await buffer(await readVerified(store, stored)).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ code: 'blob.corrupt', detail: { sha256: stored.sha256 } });
  });

  test('a verified read passes intact bytes on, also of an empty blob', async () => {
    const { store } = await setup();
    for (const bytes of [randomBytes(2 * MiB + 3), Buffer.alloc(0)]) {
      const stored = await store.put(Readable.from([bytes]));
      expect((await buffer(await readVerified(store, stored))).equals(bytes)).toBe(true);
    }
  });

  test('a verified read that nobody finishes can be destroyed and is closed then', async () => {
    const { store } = await setup();
    const stored = await store.put(Readable.from([randomBytes(4 * MiB)]));
    const stream = await readVerified(store, stored);

    for await (const chunk of stream) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    while (!stream.closed) await setImmediate();

    expect(stream.destroyed).toBe(true);
  });
}
