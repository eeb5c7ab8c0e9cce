import { listAuditEvents } from '@sheaf/db/audit/list-audit-events';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { findDerivative } from '@sheaf/db/presets/find-derivative';
import { requestDerivative } from '@sheaf/db/presets/request-derivative';
import { completeParameters } from '@sheaf/domain/complete-parameters';
import { describe, expect, test } from 'vitest';
import { unreadable } from '../../../test/harness/unreadable-storage.ts';
import { setupWorker } from '../../../test/harness/worker.ts';

/** A worker whose storage cannot read a picture of which nothing was made so far, beside one that it can. */
async function setup({ stepAttempts = 3 } = {}) {
  const storage = unreadable();
  const worker = await setupWorker({ wrapStorage: storage.wrapStorage, policy: { stepAttempts } });
  const { db, deps } = worker;
  const other = await worker.addAsset();
  const { assetId, sha256 } = await worker.addPicture('teal.jpg');
  storage.broken.add(sha256);
  return {
    ...worker,
    ...storage,
    assetId,
    ask: () => worker.request({ assetIds: [other.assetId, assetId], renditions: 'originals-and-static' }),
    /** Asks for a rendition on demand. */
    async want() {
      const parameters = completeParameters({ width: 64, height: 48, format: 'png' });
      const wanted = { originalSha256: sha256, mediaType: 'image/jpeg', parameters };
      return (await requestDerivative(db, { ...wanted, requestedBy: null, now: deps.clock() })).id;
    },
    derivative: (id: string) => findDerivative(db.orm, { id }, deps.clock()),
    states: async () => {
      const asset = await findAsset(db.orm, assetId);
      return asset?.renditions.filter(({ kind }) => kind === 'static').map(({ state }) => state);
    },
    faultOf: async () => (await findBlob(db.orm, sha256))?.fault,
    faults: async () => (await listAuditEvents(db.orm, { filter: { action: 'blob.faulty' }, limit: 10 })).length,
    /** As once the medium gives what is there. */
    async heal() {
      storage.broken.clear();
      await db.orm.execute("update blobs set fault_checked_at = now() - interval '1 day'");
      await worker.sweep();
    },
  };
}

describe('an original whose medium does not give its bytes', () => {
  test('fails the rendition that was to be made of it, until it can be read', async () => {
    const worker = await setup();
    const downloadId = await worker.ask();

    await worker.runJobs('gather', 'pack');

    expect((await worker.download(downloadId)).state).toBe('ready');
    expect((await worker.outcomes(downloadId)).map(({ reason }) => reason)).toEqual([null, 'blob.corrupt']);
    expect(await worker.faults()).toBe(1);
    expect(await worker.states()).toEqual(['failed', 'failed', 'failed']);

    await worker.heal();
    await worker.runJobs('render');
    expect(await worker.states()).toEqual(['ready', 'ready', 'ready']);
  });

  test('fails no download for the reason alone that another one has set it aside meanwhile', async () => {
    const worker = await setup({ stepAttempts: 1 });
    const ids = [await worker.ask(), await worker.ask()];
    const [late, early] = (await worker.takeJobs()).filter(({ job }) => job === 'gather');

    const held = worker.holdNext();
    const gatheredLate = worker.runJob(late!);
    await held.asked;
    await worker.runJob(early!);
    expect(await worker.faults()).toBe(1);
    held.letGo();
    await gatheredLate;
    await worker.runJobs('gather', 'pack');

    for (const id of ids) {
      expect(await worker.download(id)).toMatchObject({ state: 'ready', error: null });
      expect((await worker.outcomes(id)).map(({ reason }) => reason)).toEqual([null, 'blob.corrupt']);
    }
    expect(await worker.faults()).toBe(1);
  });

  test('is set aside by the last run of a job that renders it ahead of any download, and by none before', async () => {
    const { assetId, runJob, runJobs, states, faultOf, faults, heal } = await setup();
    const job = { job: 'render', payload: { assetId } };
    await expect(runJob(job, undefined, { isLast: false })).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect([await faultOf(), await states()]).toEqual([null, ['pending', 'pending', 'pending']]);

    await runJob(job, undefined, { isLast: true });
    expect([await faultOf(), await states()]).toEqual(['corrupt', ['failed', 'failed', 'failed']]);
    expect(await faults()).toBe(1);

    await heal();
    await runJobs('render');
    expect([await faultOf(), await states()]).toEqual([null, ['ready', 'ready', 'ready']]);
  });

  test('is set aside by the last run of a job that makes a rendition on demand, and not read again until then', async () => {
    const { want, derivative, runJob, runJobs, faultOf, faults, reads, heal, advanceClock } = await setup();
    const derivativeId = await want();
    const job = { job: 'derive', payload: { derivativeId } };
    await expect(runJob(job, undefined, { isLast: false })).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect([await faultOf(), (await derivative(derivativeId))?.state]).toEqual([null, 'pending']);

    await runJob(job, undefined, { isLast: true });
    expect([await faultOf(), await faults()]).toEqual(['corrupt', 1]);
    const failed = { state: 'failed', error: 'The original cannot be read: its file is damaged.' };
    expect(await derivative(derivativeId)).toMatchObject(failed);
    const before = reads();
    advanceClock(11 * 60_000);
    await want();
    await runJobs('derive');
    expect([await derivative(derivativeId), reads()]).toMatchObject([failed, before]);

    await heal();
    advanceClock(11 * 60_000);
    await want();
    await runJobs('derive');
    expect(await derivative(derivativeId)).toMatchObject({ state: 'ready', width: 64 });
  });

  test('is blamed by no job where the storage reads none of its files', async () => {
    const { assetId, addAsset, broken, runJob, states, faults } = await setup();
    for (const { blob } of [await addAsset(), await addAsset(), await addAsset()]) broken.add(blob.sha256);
    const job = { job: 'render', payload: { assetId } };
    await expect(runJob(job)).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect([await faults(), await states()]).toEqual([0, ['pending', 'pending', 'pending']]);
  });
});
