import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { keepBundle } from '@sheaf/db/bundles/keep-bundle';
import { deleteAsset } from '@sheaf/db/catalogue/delete-asset';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { readStorageCare } from '@sheaf/db/storage-care/read-storage-care';
import { keepWhole } from '@sheaf/ingest/record-blob';
import { ingestBytes } from '@sheaf/ingest/testing/ingest-bytes';
import type { BlobStore } from '@sheaf/storage/blob-store';
import { expect, test } from 'vitest';
import { setupWorker, type WorkerSetup } from '../../../test/harness/worker.ts';
import { removeUnknownFiles, removeUnusedFiles } from './remove-unused-files.ts';

const never = new AbortController().signal;
const dayMs = 24 * 60 * 60 * 1_000;

async function setup(options: WorkerSetup = {}) {
  const worker = await setupWorker(options);
  const { db, deps, storage } = worker;
  return {
    ...worker,
    remove: () => removeUnusedFiles(deps, never),
    deleteAsset: (assetId: string) => deleteAsset(db.orm, assetId, new Date()),
    /** As if everybody had last looked, and every file been stored, so many days earlier. */
    async letPass(days: number) {
      await db.orm.execute(`update blobs set unused_since = unused_since - interval '${days} days'`);
      const rows = await db.orm.execute<{ sha256: string }>('select sha256 from blobs');
      const then = new Date(Date.now() - days * dayMs);
      for (const { sha256 } of rows) await utimes(storage.blobs.path(sha256)!, then, then).catch(() => {});
    },
    isThere: async (sha256: string) => ({
      row: (await findBlob(db.orm, sha256)) !== null,
      file: (await storage.blobs.stat(sha256)) !== null,
    }),
  };
}

const both = { row: true, file: true };
const neither = { row: false, file: false };

test('the file of a deleted asset is removed when the days are over, and that of no other', async () => {
  const { addAsset, addLicence, deleteAsset, remove, letPass, isThere, db } = await setup();
  const [gone, stays] = [await addAsset(), await addAsset()];
  const terms = await addLicence('Stock', Buffer.from('%PDF- terms'));
  await deleteAsset(gone.assetId);
  await remove();
  await letPass(6);
  await remove();
  expect(await isThere(gone.blob.sha256)).toEqual(both);

  await letPass(2);
  await remove();

  expect(await isThere(gone.blob.sha256)).toEqual(neither);
  expect(await isThere(stays.blob.sha256)).toEqual(both);
  expect(await isThere(terms.sha256)).toEqual(both);
  expect(await readStorageCare(db.orm)).toMatchObject({ removedFiles: 1, removedBytes: 1_000 });
});

test('bytes that a living asset has as well stay, whoever else was deleted', async () => {
  const { addAsset, deleteAsset, remove, letPass, isThere } = await setup();
  const first = await addAsset({ fileName: 'first.bin' });
  await addAsset({ fileName: 'second.bin', bytes: first.bytes });
  await deleteAsset(first.assetId);
  await remove();
  await letPass(30);
  await remove();
  expect(await isThere(first.blob.sha256)).toEqual(both);
});

test('renditions go with their asset, static ones and those on demand', async () => {
  const { addPicture, runJobs, deleteAsset, remove, letPass, db, storage } = await setup();
  const { assetId } = await addPicture('a.jpg');
  await runJobs('render');
  const [original] = await db.orm.execute<{ sha256: string }>(
    "select blob_sha256 as sha256 from renditions where kind = 'original'",
  );
  await db.orm.execute(`insert into derivatives (id, original_sha256, media_type, parameters_key, parameters, state, blob_sha256)
    select gen_random_uuid(), '${original!.sha256}', 'image/jpeg', 'k', '{}', 'ready', blob_sha256 from renditions where name = 'web'`);
  const blobs = await db.orm.execute<{ sha256: string }>('select sha256 from blobs');
  expect(blobs.length).toBeGreaterThan(2);
  await remove();
  await deleteAsset(assetId);
  await remove();
  await letPass(8);
  await remove();
  expect(await db.orm.execute('select from blobs')).toHaveLength(0);
  for (const { sha256 } of blobs) expect(await storage.blobs.stat(sha256)).toBeNull();
  expect(await db.orm.execute('select from derivatives')).toHaveLength(0);
});

test('an upload of the same bytes brings back what was about to be removed', async () => {
  const { addAsset, deleteAsset, remove, letPass, isThere, deps, storage } = await setup();
  const { assetId, blob, bytes } = await addAsset({ bytes: Buffer.from('the same bytes') });
  await deleteAsset(assetId);
  await remove();
  await letPass(8);
  // Stored and not recorded yet, when the removal comes.
  const keep = keepWhole(deps.db);
  expect(await storage.blobs.put(Readable.from([bytes]), { keep })).toMatchObject({ created: false });
  await remove();
  expect(await isThere(blob.sha256)).toEqual(both);

  await ingestBytes(deps, 'again.txt', bytes);
  await remove();
  await letPass(30);
  await remove();
  expect(await isThere(blob.sha256)).toEqual(both);
});

test('an upload of the same bytes between the removal of the row and that of the file writes the file anew', async () => {
  let whenRemoving = async () => {};
  const worker = await setup({
    wrapStorage: (storage) => ({
      ...storage,
      blobs: {
        ...storage.blobs,
        async removeStale(...args: Parameters<BlobStore['removeStale']>) {
          await whenRemoving();
          return storage.blobs.removeStale(...args);
        },
      },
    }),
  });
  const { assetId, blob, bytes } = await worker.addAsset({ bytes: Buffer.from('the same bytes') });
  await worker.deleteAsset(assetId);
  await worker.remove();
  await worker.letPass(8);
  let uploading: Promise<unknown> = Promise.resolve();
  whenRemoving = async () => {
    // It waits for the lock that the removal has, and for nothing else.
    uploading = ingestBytes(worker.deps, 'again.txt', bytes);
    uploading.catch(() => {});
  };
  await worker.remove();
  await uploading;
  expect(await worker.isThere(blob.sha256)).toEqual(both);
  expect(String(await buffer(await worker.storage.blobs.read(blob.sha256)))).toBe('the same bytes');
});

test('whatever uploads and removals of the same bytes do side by side, what is recorded is there', async () => {
  const { deps, deleteAsset, remove, letPass, isThere, db } = await setup();
  for (let round = 0; round < 15; round += 1) {
    const bytes = randomBytes(2_000);
    const { assetId, sha256 } = await ingestBytes(deps, `${round}.bin`, bytes);
    await deleteAsset(assetId);
    await remove();
    await letPass(8);
    const uploads = Array.from({ length: 3 }, (_, index) =>
      ingestBytes(deps, `${round}-${index}.bin`, bytes).then(
        () => true,
        (error) => {
          expect(error).toMatchObject({ code: 'blob.missing', retryable: true });
          return false;
        },
      ),
    );
    const [, ...stored] = await Promise.all([remove(), ...uploads]);
    expect(stored).toEqual([true, true, true]);
    expect(await isThere(sha256)).toEqual(both);
    await db.orm.execute('update assets set deleted_at = now() where deleted_at is null');
  }
});

test('nothing is removed while a bundle is being laid out, and what it holds stays afterwards', async () => {
  const { addAsset, deleteAsset, remove, letPass, isThere, db } = await setup();
  const { assetId, blob } = await addAsset();
  await deleteAsset(assetId);
  await remove();
  await letPass(8);
  const files: [string, string, number, number, number][] = [['a.bin', blob.sha256, blob.size, blob.crc32, 0]];
  await db.transaction(async (tx) => {
    await keepBundle(tx, { fingerprint: 'f', contentSize: 1, entries: 1 }, [{ number: 0, offset: 0, files }]);
    await remove();
    expect(await isThere(blob.sha256)).toEqual(both);
  });
  await remove();
  expect(await isThere(blob.sha256)).toEqual(both);

  await db.orm.execute('delete from bundles');
  await remove();
  await letPass(8);
  await remove();
  expect(await isThere(blob.sha256)).toEqual(neither);
});

test('whoever streams a ready archive gets all of it, also of an asset that was deleted long ago', async () => {
  const { addAsset, request, runJobs, readPart, deleteAsset, remove, letPass } = await setup();
  const { assetId } = await addAsset();
  const downloadId = await request({ assetIds: [assetId] });
  await runJobs('gather', 'pack');
  const before = await readPart(downloadId);
  await deleteAsset(assetId);
  await remove();
  await letPass(30);
  await remove();
  expect((await readPart(downloadId)).equals(before)).toBe(true);
});

test('whoever reads a file while it is removed reads it to its end', async () => {
  const { addAsset, deleteAsset, remove, letPass, isThere, storage } = await setup();
  const { assetId, blob, bytes } = await addAsset({ bytes: randomBytes(5_000_000) });
  await deleteAsset(assetId);
  await remove();
  await letPass(8);
  const reading = await storage.blobs.read(blob.sha256);
  await remove();
  expect(await isThere(blob.sha256)).toEqual(neither);
  expect((await buffer(reading)).equals(bytes)).toBe(true);
});

test('nothing is removed while the files are held for a copy', async () => {
  const { addAsset, deleteAsset, remove, letPass, isThere, db } = await setup();
  const { assetId, blob } = await addAsset();
  await deleteAsset(assetId);
  await remove();
  await letPass(8);
  await db.orm.execute("update storage_care set held_until = now() + interval '1 minute'");
  await remove();
  expect(await isThere(blob.sha256)).toEqual(both);
  await db.orm.execute("update storage_care set held_until = now() - interval '1 second'");
  await remove();
  expect(await isThere(blob.sha256)).toEqual(neither);
});

test('a file that no row knows is removed when it is old; a new one and a recorded one stay', async () => {
  const { addAsset, storage, deps, isThere, letPass } = await setup();
  const recorded = await addAsset();
  await letPass(30);
  const put = (text: string) => storage.blobs.put(Readable.from([Buffer.from(text)]));
  const [old, fresh] = [await put('old'), await put('fresh')];
  const then = new Date(Date.now() - 8 * dayMs);
  await utimes(storage.blobs.path(old.sha256)!, then, then);

  for (let folder = 0; folder < 256; folder += 1) await removeUnknownFiles(deps, never);

  expect(await isThere(old.sha256)).toEqual(neither);
  expect(await isThere(fresh.sha256)).toEqual({ row: false, file: true });
  expect(await isThere(recorded.blob.sha256)).toEqual(both);
});

test('no file is removed as unknown by a database that knows none of those that are there', async () => {
  const { addAsset, storage, db, deps, isThere } = await setup();
  const { blob } = await addAsset();
  const old = await storage.blobs.put(Readable.from([Buffer.from('of another database')]));
  const then = new Date(Date.now() - 30 * dayMs);
  for (const sha256 of [old.sha256, blob.sha256]) await utimes(storage.blobs.path(sha256)!, then, then);
  const turn = async () => {
    for (let folder = 0; folder < 256; folder += 1) await removeUnknownFiles(deps, never);
  };

  await storage.blobs.removeStale(blob.sha256, new Date());
  await turn();
  expect(await isThere(old.sha256)).toMatchObject({ file: true });

  await db.orm.execute('delete from renditions');
  await db.orm.execute('delete from blobs');
  await turn();
  expect(await isThere(old.sha256)).toEqual({ row: false, file: true });
});
