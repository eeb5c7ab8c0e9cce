import { rm, symlink, writeFile } from 'node:fs/promises';
import { listAuditEvents } from '@sheaf/db/audit/list-audit-events';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import type { RequestChanges } from '@sheaf/domain/testing/decision-facts';
import type { Storage } from '@sheaf/storage/file-storage';
import { describe, expect, test } from 'vitest';
import { unreadable } from '../../../test/harness/unreadable-storage.ts';
import { setupWorker, type TestWorker } from '../../../test/harness/worker.ts';
import { scrub } from './jobs/scrub.ts';

const never = new AbortController().signal;
const settings = { DELIVERY: 'packed', SCRUB_BYTES_PER_SECOND: 1_000_000_000, SCRUB_DAYS: 30 } as const;

/** A worker whose storage, without files of its own, cannot read some of its blobs. */
async function setup({ files = 4, stepAttempts = 3, writes = true } = {}) {
  const { broken, reads, wrapStorage: cannotRead } = unreadable();
  const wrapStorage = (storage: Storage): Storage => ({
    ...cannotRead(storage),
    ...(!writes && { check: () => new Promise(() => {}) }),
  });
  const worker = await setupWorker({
    wrapStorage,
    settings: { ...settings, ...(!writes && { STORAGE_STALL_SECONDS: 1 }) },
    policy: { stepAttempts },
  });
  const assets: Awaited<ReturnType<TestWorker['addAsset']>>[] = [];
  for (let index = 0; index < files; index += 1) assets.push(await worker.addAsset());
  return {
    ...worker,
    broken,
    assets,
    brokenReads: reads,
    damage(...indexes: number[]) {
      for (const index of indexes) broken.add(assets[index]!.blob.sha256);
    },
    ask: (changes: Partial<RequestChanges> = {}) =>
      worker.request({ assetIds: assets.map(({ assetId }) => assetId), ...changes }),
    faultOf: async (index: number) => (await findBlob(worker.db.orm, assets[index]!.blob.sha256))?.fault,
    scrub: () => scrub({}, worker.deps, never),
    letPass: (days: number) =>
      worker.db.orm.execute(
        `update blobs set created_at = created_at - interval '${days} days', fault_checked_at = now() - interval '${days} days'`,
      ),
    faults: async () => {
      const events = await listAuditEvents(worker.db.orm, { filter: { action: 'blob.faulty' }, limit: 10 });
      return events.length;
    },
  };
}

describe('a stored file whose medium does not give its bytes', () => {
  test.each(['zip', 'tar'] as const)(
    'is left out of a %s by name once the runs of a step are used up',
    async (format) => {
      const { damage, ask, runJobs, outcomes, download, faultOf, faults, brokenReads } = await setup();
      damage(1);
      const downloadId = await ask({ format });

      await runJobs('gather', 'pack');

      expect((await download(downloadId)).state).toBe('ready');
      expect((await outcomes(downloadId)).map(({ reason }) => reason)).toEqual([null, 'blob.corrupt', null, null]);
      expect(await faultOf(1)).toBe('corrupt');
      expect(await faults()).toBe(1);
      expect(brokenReads()).toBeGreaterThanOrEqual(3);
    },
  );

  test('fails a download that asked for all or nothing', async () => {
    const { damage, ask, runJobs, download } = await setup();
    damage(1);
    const downloadId = await ask({ unavailable: 'fail' });
    await runJobs('gather', 'pack');
    expect(await download(downloadId)).toMatchObject({ state: 'failed', error: { code: 'download.assets_refused' } });
  });

  test('is one of two, and both are left out', async () => {
    const { damage, ask, runJobs, outcomes, faults } = await setup();
    damage(0, 2);
    const downloadId = await ask();
    await runJobs('gather', 'pack');
    const reasons = (await outcomes(downloadId)).map(({ reason }) => reason);
    expect(reasons).toEqual(['blob.corrupt', null, 'blob.corrupt', null]);
    expect(await faults()).toBe(2);
  });

  test('and can be read in time is taken for no fault', async () => {
    const { damage, broken, ask, takeJobs, runJob, runJobs, download, faults } = await setup();
    damage(1);
    const downloadId = await ask();
    await runJob((await takeJobs())[0]!);
    await runJob((await takeJobs())[0]!);
    broken.clear();
    await runJobs('pack');
    expect((await download(downloadId)).state).toBe('ready');
    expect(await faults()).toBe(0);
  });

  test('is found by the scrub, and found whole again once it can be read', async () => {
    const { damage, broken, scrub, letPass, faultOf, faults, sweep } = await setup();
    damage(0, 1);
    await letPass(31);
    await scrub();
    expect([await faultOf(0), await faultOf(1), await faultOf(2)]).toEqual(['corrupt', 'corrupt', null]);
    expect(await faults()).toBe(2);

    await letPass(1);
    await sweep();
    expect(await faultOf(0)).toBe('corrupt');
    broken.clear();
    await letPass(1);
    await sweep();
    expect([await faultOf(0), await faultOf(1)]).toEqual([null, null]);
  });

  test('is blamed for nothing where the storage reads none of its files', async () => {
    const { damage, ask, runJobs, download, faults, scrub, letPass } = await setup();
    damage(0, 1, 2, 3);
    const downloadId = await ask();
    await runJobs('gather', 'pack');
    expect(await download(downloadId)).toMatchObject({ state: 'failed', error: { code: 'storage.unavailable' } });
    await letPass(31);
    await expect(scrub()).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect(await faults()).toBe(0);
  });

  test('is blamed for nothing where the storage hangs when it is written, and holds no lease for that', async () => {
    const { damage, ask, runJobs, download, faults, db } = await setup({ stepAttempts: 1, writes: false });
    damage(1);
    const downloadId = await ask();
    await runJobs('gather', 'pack');
    expect(await download(downloadId)).toMatchObject({ state: 'failed', error: { code: 'storage.unavailable' } });
    const [row] = await db.orm.execute('select lease_until from downloads');
    expect(row).toEqual({ lease_until: null });
    expect(await faults()).toBe(0);
  });
});

test('what threads read counts as well: an error of the system itself names the file', async () => {
  const worker = await setupWorker({ settings, policy: { stepAttempts: 1 } });
  const [good, bad, other] = [await worker.addAsset(), await worker.addAsset(), await worker.addAsset()];
  const downloadId = await worker.request({ assetIds: [good, bad, other].map(({ assetId }) => assetId) });
  await worker.runJob((await worker.takeJobs())[0]!);
  // Its first page is never there, and the system calls that EIO.
  const file = worker.storage.blobs.path(bad.blob.sha256)!;
  await rm(file);
  await symlink('/proc/self/mem', file);
  await worker.runJob((await worker.takeJobs())[0]!);
  expect(await worker.download(downloadId)).not.toMatchObject({ state: 'ready' });
  // Whoever opens it as a stream finds nothing in it.
  expect((await findBlob(worker.db.orm, bad.blob.sha256))?.fault).toBe('corrupt');
  await rm(file);
  await writeFile(file, bad.bytes);
});
