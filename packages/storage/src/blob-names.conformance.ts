import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { type BlobStoreUnderTest, recordOf } from './blob-store-under-test.ts';
import { readVerified } from './verified-read.ts';

/** What names a blob, which there are, and how they go. */
export function testBlobNames(setup: () => Promise<BlobStoreUnderTest>): void {
  test('a path is where the bytes of a blob are, or null; it says nothing of whether there is such a blob', async () => {
    const { store } = await setup();
    const bytes = randomBytes(10);
    const { sha256 } = await store.put(Readable.from([bytes]));

    const path = store.path(sha256);
    const absent = store.path(recordOf(randomBytes(10)).sha256);

    expect(absent === null).toBe(path === null);
    if (path !== null) expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  test('an absent blob is blob.missing to read, null to stat, and nothing to remove', async () => {
    const { store } = await setup();
    await store.put(Readable.from([Buffer.from('another')]));
    const blob = recordOf(Buffer.from('never stored'));
    const missing = { code: 'blob.missing', detail: { sha256: blob.sha256 } };

    await expect(store.read(blob.sha256)).rejects.toMatchObject(missing);
    await expect(readVerified(store, blob)).rejects.toMatchObject(missing);
    expect(await store.stat(blob.sha256)).toBeNull();
    await store.remove(blob.sha256);
  });

  test('a removed blob is gone, and can be stored again', async () => {
    const { store } = await setup();
    const { sha256 } = await store.put(Readable.from([Buffer.from('once')]));

    await store.remove(sha256);

    expect(await store.stat(sha256)).toBeNull();
    expect(await store.put(Readable.from([Buffer.from('once')]))).toMatchObject({ sha256, created: true });
  });

  test.each(['../../../etc/passwd', '/etc/passwd', '', `${'a'.repeat(62)}/.`, 'A'.repeat(64), `${'a'.repeat(64)}\n`])(
    '%j names no blob',
    async (name) => {
      const { store } = await setup();

      await expect(store.read(name)).rejects.toMatchObject({ code: 'input.invalid' });
      await expect(store.stat(name)).rejects.toMatchObject({ code: 'input.invalid' });
      await expect(store.remove(name)).rejects.toMatchObject({ code: 'input.invalid' });
      await expect(async () => store.path(name)).rejects.toMatchObject({ code: 'input.invalid' });
    },
  );

  test('the names of blobs are listed by their first two digits', async () => {
    const { store } = await setup();
    const stored = await Promise.all(
      Array.from({ length: 40 }, async () => (await store.put(Readable.from([randomBytes(20)]))).sha256),
    );
    const prefixes = new Set(stored.map((sha256) => sha256.slice(0, 2)));
    for (const prefix of prefixes) {
      const expected = stored.filter((sha256) => sha256.startsWith(prefix));
      expect((await store.names(prefix)).toSorted()).toEqual(expected.toSorted());
    }
    const other = ['00', '7f', 'ff'].find((prefix) => !prefixes.has(prefix));
    if (other !== undefined) expect(await store.names(other)).toEqual([]);
  });

  test('a stale blob is removed; one that was written since stays, and one that is not there is no error', async () => {
    const { store, count } = await setup();
    const { sha256 } = await store.put(Readable.from([randomBytes(20)]));
    expect(await store.removeStale(sha256, new Date(Date.now() - 60_000))).toBe(false);
    expect(await store.stat(sha256)).toEqual({ size: 20 });
    expect(await store.removeStale(sha256, new Date(Date.now() + 60_000))).toBe(true);
    expect(await store.stat(sha256)).toBeNull();
    expect(await store.removeStale(sha256, new Date())).toBe(false);
    expect(await count()).toEqual({ blobs: 0, temporary: 0 });
  });
}
