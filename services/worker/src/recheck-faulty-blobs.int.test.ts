import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { noise } from '@sheaf/imaging/testing/pictures';
import { ingestBytes } from '@sheaf/ingest/testing/ingest-bytes';
import { expect, test } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';
import { recheckFaultyBlobs } from './recheck-faulty-blobs.ts';

async function setup() {
  const worker = await setupWorker();
  const pathOf = (sha256: string) =>
    path.join(worker.storageFolder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  return {
    ...worker,
    pathOf,
    faultOf: async (sha256: string) => (await findBlob(worker.db.orm, sha256))?.fault,
    /** As when the last look at every faulty blob was so long ago. */
    letPass: (minutes: number) =>
      worker.db.orm.execute(`update blobs set fault_checked_at = fault_checked_at - interval '${minutes} minutes'`),
  };
}

test('the fault of a missing file is lifted by the sweep once the file is there again, and not before', async () => {
  const { addAsset, sweep, storage, db, faultOf, pathOf } = await setup();
  const { blob, bytes } = await addAsset();
  await storage.blobs.remove(blob.sha256);
  await markBlobFault(db.orm, blob.sha256, 'missing');

  await sweep();
  expect(await faultOf(blob.sha256)).toBe('missing');
  await writeFile(pathOf(blob.sha256), bytes.subarray(1));
  await sweep();
  expect(await faultOf(blob.sha256)).toBe('corrupt');

  const other = await addAsset();
  await storage.blobs.remove(other.blob.sha256);
  await markBlobFault(db.orm, other.blob.sha256, 'missing');
  await writeFile(pathOf(other.blob.sha256), other.bytes);
  await sweep();
  expect(await faultOf(other.blob.sha256)).toBeNull();
});

test('the fault of a damaged file is lifted once all its bytes are right, which is looked at every few minutes', async () => {
  const { addAsset, deps, db, faultOf, pathOf, letPass } = await setup();
  const { blob, bytes } = await addAsset();
  await writeFile(pathOf(blob.sha256), Buffer.from(bytes).reverse());
  await markBlobFault(db.orm, blob.sha256, 'corrupt');
  await letPass(11);

  await recheckFaultyBlobs(deps);
  expect(await faultOf(blob.sha256)).toBe('corrupt');

  await writeFile(pathOf(blob.sha256), bytes);
  await recheckFaultyBlobs(deps);
  expect(await faultOf(blob.sha256)).toBe('corrupt');
  await letPass(11);
  await recheckFaultyBlobs(deps);
  expect(await faultOf(blob.sha256)).toBeNull();
});

test('a faulty file that has been looked at waits behind those that have not, so that each has its turn', async () => {
  const { addAsset, deps, db, storage, faultOf, pathOf } = await setup();
  await db.orm.execute(`insert into blobs (sha256, size, crc32, fault, fault_checked_at)
    select lpad(to_hex(n), 64, '0'), 1, 0, 'missing', now() - interval '1 day' from generate_series(1, 100) n`);
  const { blob, bytes } = await addAsset();
  await storage.blobs.remove(blob.sha256);
  await markBlobFault(db.orm, blob.sha256, 'missing');
  await writeFile(pathOf(blob.sha256), bytes);

  await recheckFaultyBlobs(deps);
  expect(await faultOf(blob.sha256)).toBe('missing');
  await recheckFaultyBlobs(deps);
  expect(await faultOf(blob.sha256)).toBeNull();
});

test('renditions that failed because the original could not be read are made once it can; others stay failed', async () => {
  const { deps, db, sweep, runJobs, pathOf } = await setup();
  const picture = await noise(400, 300).jpeg().toBuffer();
  const { assetId, sha256 } = await ingestBytes(deps, 'a.jpg', picture);
  const states = async () => (await findAsset(db.orm, assetId))!.renditions.map(({ state }) => state);
  const away = `${pathOf(sha256)}.away`;
  await rename(pathOf(sha256), away);
  await db.orm.execute("update renditions set state = 'failed', error = 'odd' where name = 'zoom'");
  await runJobs('render');
  expect(await states()).toEqual(['ready', 'failed', 'failed', 'failed']);
  await sweep();
  await runJobs('render');
  expect(await states()).toEqual(['ready', 'failed', 'failed', 'failed']);

  await rename(away, pathOf(sha256));
  await sweep();
  await runJobs('render');

  const { renditions } = (await findAsset(db.orm, assetId))!;
  const byName = Object.fromEntries(renditions.map(({ name, state }) => [name, state]));
  expect(byName).toMatchObject({ thumbnail: 'ready', web: 'ready', zoom: 'failed' });
});

test('a storage that is away changes no fault', async () => {
  const { addAsset, deps, db, storageFolder, faultOf } = await setup();
  const { blob } = await addAsset();
  await markBlobFault(db.orm, blob.sha256, 'missing');
  await rm(path.join(storageFolder, 'blobs'), { recursive: true });

  await expect(recheckFaultyBlobs(deps)).rejects.toMatchObject({ code: 'storage.unavailable', retryable: true });
  expect(await faultOf(blob.sha256)).toBe('missing');
});
