import { randomBytes } from 'node:crypto';
import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { recordAcceptances } from '@sheaf/db/downloads/record-acceptances';
import { parseReceipt } from '@sheaf/evidence/receipt';
import { describe, expect, test } from 'vitest';
import { interruptible } from '../../../../test/harness/interrupted-storage.ts';
import { setupWorker } from '../../../../test/harness/worker.ts';

describe('pack, with the catalogue changed before the archive is published', () => {
  test('publishes nothing of an asset that was taken back while it was packed', async () => {
    let takeBack = async () => {};
    const worker = await setupWorker({ wrapStorage: interruptible(() => takeBack()) });
    const [taken, kept] = [await worker.addAsset(), await worker.addAsset()];
    const downloadId = await worker.request({ assetIds: [taken.assetId, kept.assetId] });
    takeBack = async () => {
      await updateAsset(worker.db.orm, taken.assetId, { status: 'rejected' }, new Date());
    };

    await worker.runJobs('gather', 'pack');

    expect(await worker.download(downloadId)).toMatchObject({ state: 'ready', included: 1, excluded: 1 });
    expect([...(await worker.unpack(downloadId)).keys()]).toEqual([
      kept.fileName,
      'manifest.json',
      'receipt.json',
      'signature.json',
    ]);
    expect(await worker.storedFiles('objects')).toHaveLength(1);
  });

  test.each([
    ['after the first of its parts', 1],
    ['after the last of its parts', 2],
  ])(
    'an asset that comes under another licence %s is packed again, with the same terms in every part',
    async (_when, after) => {
      let stored = 0;
      let relicense = async () => {};
      const interruption = async () => {
        stored += 1;
        if (stored === after) await relicense();
      };
      const worker = await setupWorker({ wrapStorage: interruptible(interruption) });
      const [before, since] = [
        await worker.addLicence('Before', randomBytes(300)),
        await worker.addLicence('Since', randomBytes(300)),
      ];
      const assets = [];
      for (let i = 0; i < 2; i += 1) {
        assets.push(await worker.addAsset({ bytes: randomBytes(40_000), licenceId: before.licenceId }));
      }
      const assetIds = assets.map(({ assetId }) => assetId);
      // The requester accepted both, so that nothing but the archive is wrong.
      const owned = await worker.addAsset({ licenceId: since.licenceId });
      await worker.request({ assetIds: [owned.assetId], acceptLicences: [since] });
      await worker.takeJobs();
      const downloadId = await worker.request({ assetIds, acceptLicences: [before], partSize: 70_000 });
      relicense = async () => {
        await updateAsset(worker.db.orm, assetIds[1]!, { licenceId: since.licenceId }, new Date());
      };

      await worker.runJobs('gather', 'pack');

      expect(await worker.download(downloadId)).toMatchObject({ state: 'ready', included: 2 });
      expect(stored).toBe(4);
      for (const number of [1, 2]) {
        const files = await worker.unpack(downloadId, number);
        const receipt = parseReceipt(files.get('receipt.json')!)!;
        expect(receipt.licences.map(({ licenceId }) => licenceId)).toEqual([before.licenceId, since.licenceId]);
        expect(receipt.assets).toMatchObject([{ licenceId: number === 1 ? before.licenceId : since.licenceId }]);
      }
      expect(await worker.storedFiles('objects')).toHaveLength(2);
    },
  );

  test('terms that come back as another version while a download is packed are those of its receipt', async () => {
    let replace = async () => {};
    const worker = await setupWorker({ wrapStorage: interruptible(() => replace()) });
    const { licenceId, sha256 } = await worker.addLicence('Press', randomBytes(300));
    const { sha256: others } = await worker.addLicence('Others', randomBytes(300));
    const { assetId } = await worker.addAsset({ licenceId });
    const downloadId = await worker.request({ assetIds: [assetId], acceptLicences: [{ licenceId, sha256 }] });
    replace = async () => {
      replace = async () => {};
      await updateLicence(worker.db.orm, licenceId, { documentSha256: others }, new Date());
      await updateLicence(worker.db.orm, licenceId, { documentSha256: sha256 }, new Date());
      await recordAcceptances(worker.db.orm, {
        ...{ userId: worker.requester.id, downloadId, assetId: null, ipAddress: null, userAgent: null },
        accepted: [{ licenceId, sha256, version: 3 }],
        now: new Date(),
      });
    };

    await worker.runJobs('gather', 'pack');

    const receipt = parseReceipt((await worker.unpack(downloadId)).get('receipt.json')!)!;
    expect(receipt.licences).toMatchObject([{ licenceId, version: 3, sha256 }]);
    expect(receipt.licences[0]!.acceptedAt).not.toBeNull();
  });
});
