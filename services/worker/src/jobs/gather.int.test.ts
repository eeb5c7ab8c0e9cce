import { randomBytes } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { listDownloadItems } from '@sheaf/db/downloads/list-download-items';
import { disableUser } from '@sheaf/db/users/disable-user';
import { describe, expect, test } from 'vitest';
import { setupWorker, type TestWorker } from '../../../../test/harness/worker.ts';

const setup = setupWorker;

describe('gather', () => {
  test('freezes what was asked for and hands the download on to packing', async () => {
    const worker = await setup();
    const assets = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: assets.map(({ assetId }) => assetId) });

    await worker.runJobs('gather');

    const download = await worker.download(downloadId);
    expect(download).toMatchObject({ state: 'packing', included: 2, excluded: 0, entriesTotal: 2, bytesTotal: 2_000 });
  });

  test('makes the renditions that are still pending before it freezes their entries', async () => {
    const worker = await setup();
    const { assetId } = await worker.addPicture('teal.jpg');
    const downloadId = await worker.request({ assetIds: [assetId], renditions: 'static' });

    await worker.runJobs('gather');

    const [item] = await listDownloadItems(worker.db.orm, { downloadId, limit: 1 });
    expect(item?.entries.map(({ name }) => name)).toEqual(['thumbnail', 'web', 'zoom']);
    expect(item?.entries.every(({ size, sha256 }) => size !== null && sha256 !== null)).toBe(true);
    expect((await worker.download(downloadId)).state).toBe('packing');
  });

  test('leaves out an asset whose file was removed from the storage, with blob.missing, under `skip`', async () => {
    const worker = await setup();
    const [lost, kept] = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: [lost.assetId, kept.assetId] });
    await worker.storage.blobs.remove(lost.blob.sha256);

    await worker.runJobs('gather');

    expect(await worker.outcomes(downloadId)).toEqual([
      { outcome: 'excluded', reason: 'blob.missing', names: [] },
      { outcome: 'included', reason: null, names: ['original'] },
    ]);
    expect(await worker.download(downloadId)).toMatchObject({ state: 'packing', included: 1, excluded: 1 });
  });

  test('leaves out an asset whose file has another size than recorded, with blob.corrupt', async () => {
    const worker = await setup();
    const [damaged, kept] = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: [damaged.assetId, kept.assetId] });
    const { sha256 } = damaged.blob;
    await truncate(join(worker.storageFolder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256), 10);

    await worker.runJobs('gather');

    expect(await worker.outcomes(downloadId)).toEqual([
      { outcome: 'excluded', reason: 'blob.corrupt', names: [] },
      { outcome: 'included', reason: null, names: ['original'] },
    ]);
  });

  test('fails with download.assets_refused, and says why, when a file is missing under `fail`', async () => {
    const worker = await setup();
    const [lost, kept] = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: [lost.assetId, kept.assetId], unavailable: 'fail' });
    await worker.storage.blobs.remove(lost.blob.sha256);

    await worker.runJobs('gather');

    expect(await worker.download(downloadId)).toMatchObject({
      state: 'failed',
      error: {
        code: 'download.assets_refused',
        message: '1 of 2 assets cannot be had completely. A stored file is missing. (1)',
      },
    });
    expect((await worker.outcomes(downloadId))[0]).toEqual({ outcome: 'excluded', reason: 'blob.missing', names: [] });
  });

  test('fails when nothing of the request is left', async () => {
    const worker = await setup();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await updateAsset(worker.db.orm, assetId, { status: 'rejected' }, new Date());

    await worker.runJobs('gather');

    expect(await worker.download(downloadId)).toMatchObject({
      state: 'failed',
      error: { code: 'download.assets_refused' },
    });
  });

  test('leaves out assets whose licence changed after it was accepted', async () => {
    const worker = await setup();
    const { licenceId, sha256 } = await worker.addLicence('Press', randomBytes(100));
    const [licensed, free] = [await worker.addAsset({ licenceId }), await worker.addAsset()];
    const downloadId = await worker.request({
      assetIds: [licensed.assetId, free.assetId],
      acceptLicences: [{ licenceId, sha256 }],
    });
    const { sha256: newTerms } = await worker.addLicence('Newer press', randomBytes(100));
    await updateLicence(worker.db.orm, licenceId, { documentSha256: newTerms }, new Date());

    await worker.runJobs('gather');

    expect((await worker.outcomes(downloadId))[0]).toEqual({
      outcome: 'excluded',
      reason: 'licence.changed',
      names: [],
    });
  });

  test('fails when the document of a licence is gone, rather than deliver without the terms', async () => {
    const worker = await setup();
    const { licenceId, sha256 } = await worker.addLicence('Press', randomBytes(100));
    const { assetId } = await worker.addAsset({ licenceId });
    const downloadId = await worker.request({ assetIds: [assetId], acceptLicences: [{ licenceId, sha256 }] });
    await worker.storage.blobs.remove(sha256);

    await worker.runJobs('gather');

    expect(await worker.download(downloadId)).toMatchObject({ state: 'failed', error: { code: 'blob.missing' } });
  });

  test('decides nothing in favour of a requester who was disabled meanwhile', async () => {
    const worker = await setup();
    const { assetId } = await worker.addAsset();
    const downloadId = await worker.request({ assetIds: [assetId] });
    await disableUser(worker.db.orm, worker.requester.id, new Date());

    await worker.runJobs('gather');

    expect(await worker.download(downloadId)).toMatchObject({ state: 'failed', error: { code: 'auth.forbidden' } });
  });

  test('tries again when the storage is away for a moment, and gives up after the attempts it has', async () => {
    let failures = 2;
    const worker = await setup({
      wrapStorage: (storage) => ({
        ...storage,
        blobs: {
          ...storage.blobs,
          async stat(sha256) {
            if (failures-- > 0) throw Object.assign(new Error('no route to the storage'), { code: 'EHOSTUNREACH' });
            return storage.blobs.stat(sha256);
          },
        },
      }),
      policy: { stepAttempts: 3 },
    });
    const { assetId } = await worker.addAsset();
    const recovering = await worker.request({ assetIds: [assetId] });
    await expect.poll(() => runAndState(worker, recovering)).toBe('packing');

    failures = Number.POSITIVE_INFINITY;
    const hopeless = await worker.request({ assetIds: [assetId] });
    await expect.poll(() => runAndState(worker, hopeless)).toBe('failed');
    expect((await worker.download(hopeless)).error).toEqual({
      code: 'internal',
      message: 'The download could not be prepared.',
    });
  });
});

async function runAndState(worker: TestWorker, downloadId: string) {
  await worker.runJobs('gather');
  return (await worker.download(downloadId)).state;
}
