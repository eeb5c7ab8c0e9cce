import { randomBytes } from 'node:crypto';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { claimDownload } from '@sheaf/db/downloads/claim-download';
import { handBackDownload } from '@sheaf/db/downloads/hand-back-download';
import { recordStatements } from '@sheaf/db/testing/record-statements';
import { disableUser } from '@sheaf/db/users/disable-user';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { writeVisibility } from '@sheaf/db/visibility/write-visibility';
import { describe, expect, test } from 'vitest';
import { setupWorker } from '../../../../test/harness/worker.ts';
import { gather } from './gather.ts';
import { pack } from './pack.ts';

const hourMs = 60 * 60 * 1_000;

/** A download of a licensed asset and a free one, asked for and not yet gathered. */
async function setup({ expiresAt = undefined as Date | undefined, partSize = null as number | null } = {}) {
  const worker = await setupWorker();
  const { licenceId, sha256 } = await worker.addLicence('Press', randomBytes(100));
  const licensed = await worker.addAsset({ licenceId, expiresAt });
  const free = await worker.addAsset();
  const downloadId = await worker.request({
    assetIds: [licensed.assetId, free.assetId],
    acceptLicences: [{ licenceId, sha256 }],
    partSize,
  });
  await worker.takeJobs();
  return {
    worker,
    ...{ licensed, free, licenceId, documentSha256: sha256, downloadId },
    /** Gathers, and tells whether assets were looked up, which no decision can do without. */
    async gatherAndTell(): Promise<'decided again' | 'passed on'> {
      const { selectsFrom } = await recordStatements(worker.databaseUrl, (executor) =>
        gather(
          { downloadId, epoch: 0 },
          { ...worker.deps, db: { ...worker.db, orm: executor } },
          new AbortController().signal,
        ),
      );
      return selectsFrom.assets === undefined ? 'passed on' : 'decided again';
    },
    async reasons() {
      return (await worker.outcomes(downloadId)).map(({ reason }) => reason);
    },
  };
}

type Setup = Awaited<ReturnType<typeof setup>>;

async function switchOriginalsOff({ worker: { db } }: Setup) {
  const { configuration } = await readVisibility(db.orm);
  const changed = { ...configuration, originalsDownloadable: false };
  await writeVisibility(db.orm, { configuration: changed, changedBy: null, changedAt: new Date() });
}

describe('gather, where nothing has changed since the request', () => {
  test('decides nothing again, and what was decided then is packed', async () => {
    const { worker, licensed, free, downloadId, gatherAndTell } = await setup();

    expect(await gatherAndTell()).toBe('passed on');

    const download = await worker.download(downloadId);
    expect(download).toMatchObject({ state: 'packing', included: 2, excluded: 0, entriesTotal: 2, bytesTotal: 2_000 });
    await worker.runJobs('pack');
    const files = await worker.unpack(downloadId);
    expect(files.get(licensed.fileName)).toEqual(licensed.bytes);
    expect(files.get(free.fileName)).toEqual(free.bytes);
  });

  test('is not kept from that by what only adds to the catalogue', async () => {
    const { worker, gatherAndTell } = await setup();
    await worker.addAsset();
    await worker.addLicence('Another', randomBytes(100));

    expect(await gatherAndTell()).toBe('passed on');
  });

  test.each<[string, (given: Setup) => Promise<unknown>, string]>([
    [
      'an asset is rejected',
      ({ worker, licensed }) => updateAsset(worker.db.orm, licensed.assetId, { status: 'rejected' }, new Date()),
      'asset.not_found',
    ],
    [
      'a licence is withdrawn',
      ({ worker, licenceId }) => updateLicence(worker.db.orm, licenceId, { approved: false }, new Date()),
      'licence.not_approved',
    ],
    [
      'a stored file is found to be damaged',
      ({ worker, licensed }) => markBlobFault(worker.db.orm, licensed.blob.sha256, 'corrupt'),
      'blob.corrupt',
    ],
    [
      'a stored file is gone, which gathering finds itself',
      ({ worker, licensed }) => worker.storage.blobs.remove(licensed.blob.sha256),
      'blob.missing',
    ],
  ])('decides again, and leaves out what was taken back, once %s', async (_what, change, reason) => {
    const given = await setup();
    await change(given);

    expect(await given.gatherAndTell()).toBe('decided again');

    expect(await given.reasons()).toEqual([reason, null]);
    expect(await given.worker.download(given.downloadId)).toMatchObject({ state: 'packing', included: 1, excluded: 1 });
  });

  test('leaves out what was taken back in a transaction that was open when the request was decided', async () => {
    const worker = await setupWorker();
    const [taken, kept] = [await worker.addAsset(), await worker.addAsset()];
    const changed = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const changing = worker.db.transaction(async (tx) => {
      await updateAsset(tx, taken.assetId, { status: 'rejected' }, new Date());
      changed.resolve();
      await commit.promise;
    });
    await changed.promise;
    const downloadId = await worker.request({ assetIds: [taken.assetId, kept.assetId] });
    commit.resolve();
    await changing;

    await worker.runJobs('gather');

    expect((await worker.outcomes(downloadId)).map(({ reason }) => reason)).toEqual(['asset.not_found', null]);
  });

  test('fails the download once originals are switched off', async () => {
    const given = await setup();
    await switchOriginalsOff(given);

    expect(await given.gatherAndTell()).toBe('decided again');

    expect(await given.worker.download(given.downloadId)).toMatchObject({ state: 'failed' });
    expect(await given.reasons()).toEqual(['visibility.originals_off', 'visibility.originals_off']);
  });

  test('fails the download once the requester is disabled', async () => {
    const { worker, downloadId, gatherAndTell } = await setup();
    await disableUser(worker.db.orm, worker.requester.id, new Date());

    await gatherAndTell();

    expect(await worker.download(downloadId)).toMatchObject({ state: 'failed', error: { code: 'auth.forbidden' } });
  });

  test('leaves out an asset whose end has come since, though nothing was changed', async () => {
    const given = await setup({ expiresAt: new Date(Date.now() + hourMs) });
    given.worker.advanceClock(2 * hourMs);

    expect(await given.gatherAndTell()).toBe('decided again');

    expect(await given.reasons()).toEqual(['asset.not_found', null]);
  });

  test('never passes on a download whose licence document is faulty or gone', async () => {
    const [faulty, gone] = [await setup(), await setup()];
    await markBlobFault(faulty.worker.db.orm, faulty.documentSha256, 'corrupt');
    await gone.worker.storage.blobs.remove(gone.documentSha256);

    for (const { worker, downloadId, gatherAndTell } of [faulty, gone]) {
      expect(await gatherAndTell()).toBe('decided again');
      expect(await worker.download(downloadId)).toMatchObject({ state: 'failed', error: { code: 'blob.missing' } });
    }
  });

  test('passes on nothing that was refused, though nothing has changed since', async () => {
    const worker = await setupWorker();
    const [lost, kept] = [await worker.addAsset(), await worker.addAsset()];
    await markBlobFault(worker.db.orm, lost.blob.sha256, 'missing');
    await worker.storage.blobs.remove(lost.blob.sha256);
    const assetIds = [lost.assetId, kept.assetId];
    const downloadId = await worker.request({ assetIds, unavailable: 'fail' });

    await worker.runJobs('gather');

    expect(await worker.download(downloadId)).toMatchObject({
      state: 'failed',
      error: { code: 'download.assets_refused' },
    });
  });

  test('divides a download again that is to come in parts, whose own files take room', async () => {
    const { worker, downloadId, gatherAndTell } = await setup({ partSize: 20_000 });

    expect(await gatherAndTell()).toBe('decided again');

    await worker.runJobs('pack');
    const { parts } = await worker.download(downloadId);
    for (const { size } of parts) expect(size).toBeLessThanOrEqual(20_000);
  });

  describe('and its archive is streamed', () => {
    test('hands on what it has read, and what is packed of that is what is packed of what is read again', async () => {
      const { worker, downloadId, licensed, free } = await setup();
      const gathered = await gather({ downloadId, epoch: 0 }, worker.deps, new AbortController().signal);
      await pack({ downloadId, epoch: 1 }, worker.deps, new AbortController().signal, gathered);
      const handedOn = await worker.readPart(downloadId);
      expect([...(await worker.unpack(downloadId)).keys()]).toEqual(
        expect.arrayContaining([licensed.fileName, free.fileName, 'manifest.json']),
      );

      await worker.db.orm.execute(`update downloads set state = 'packing'`);
      await pack({ downloadId, epoch: 2 }, worker.deps, new AbortController().signal);

      expect((await worker.readPart(downloadId)).equals(handedOn)).toBe(true);
    });

    test('packs nothing of what it handed on where somebody has had the download since', async () => {
      const { worker, downloadId } = await setup();
      const { signal } = new AbortController();
      const gathered = (await gather({ downloadId, epoch: 0 }, worker.deps, signal))!;
      const stale = { plan: { ...gathered.plan, manifest: Buffer.from('stale') }, epoch: gathered.epoch };
      const other = { workerId: 'other', leaseSeconds: 60 };
      const claim = (await claimDownload(worker.db.orm, { downloadId, step: 'pack', ...other }))!;
      await worker.db.transaction((tx) => handBackDownload(tx, { ...claim, next: 'pack', failed: false, delayMs: 0 }));

      await pack({ downloadId, epoch: 1 }, worker.deps, signal, stale);

      const manifest = (await worker.unpack(downloadId)).get('manifest.json')!;
      expect(manifest.equals(gathered.plan.manifest)).toBe(true);
    });
  });

  test('reads nothing for an archive that is written as a whole, which may take hours', async () => {
    const { worker, downloadId } = await setup();
    Object.assign(worker.deps.settings, { DELIVERY: 'packed' });

    expect(await gather({ downloadId, epoch: 0 }, worker.deps, new AbortController().signal)).toBeNull();

    expect(await worker.download(downloadId)).toMatchObject({ state: 'packing' });
  });
});
