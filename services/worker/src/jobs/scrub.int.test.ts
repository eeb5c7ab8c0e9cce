import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listAuditEvents } from '@sheaf/db/audit/list-audit-events';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { setQueue } from '@sheaf/db/queues/set-queue';
import { claimScrub } from '@sheaf/db/storage-care/claim-scrub';
import { readStorageCare } from '@sheaf/db/storage-care/read-storage-care';
import { AppError } from '@sheaf/domain/app-error';
import type { Settings } from '@sheaf/runtime/settings';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openQueueBackend } from '../../../../test/harness/queue-backend.ts';
import { setupWorker, type WorkerSetup } from '../../../../test/harness/worker.ts';
import { scrub } from './scrub.ts';

const never = new AbortController().signal;
const fast = { SCRUB_BYTES_PER_SECOND: 1_000_000_000, SCRUB_DAYS: 30 };

async function setup({ settings, ...options }: WorkerSetup & { settings?: Partial<Settings> } = {}) {
  const worker = await setupWorker({ ...options, settings: { ...fast, ...settings } });
  const { db, deps } = worker;
  return {
    ...worker,
    scrub: (signal = never) => scrub({}, deps, signal),
    /** As if everything had been stored and verified so many days earlier. */
    letPass: (days: number) =>
      db.orm.execute(
        `update blobs set created_at = created_at - interval '${days} days', verified_at = verified_at - interval '${days} days'`,
      ),
    faultOf: async (sha256: string) => (await findBlob(db.orm, sha256))?.fault,
    verified: async () => {
      const rows = await db.orm.execute<{ sha256: string }>(
        'select sha256 from blobs where verified_at is not null order by verified_at, sha256',
      );
      return rows.map(({ sha256 }) => sha256);
    },
    care: () => readStorageCare(db.orm),
  };
}

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at]! ^= 1;
  await writeFile(file, bytes);
}

test('what is due is read and counted, and is due again only after as many days as the setting says', async () => {
  const { addAsset, scrub, letPass, verified, care } = await setup();
  const { blob } = await addAsset();
  await scrub();
  expect(await verified()).toEqual([]);

  await letPass(31);
  await scrub();
  expect(await verified()).toEqual([blob.sha256]);
  await letPass(29);
  await scrub();
  expect(await care()).toMatchObject({ verifiedFiles: 1, verifiedBytes: blob.size, faultsFound: 0 });
  await letPass(2);
  await scrub();
  expect(await care()).toMatchObject({ verifiedFiles: 2, verifiedBytes: 2 * blob.size, missing: 0, corrupt: 0 });
});

test.each(['SCRUB_BYTES_PER_SECOND', 'SCRUB_DAYS'] as const)('%s of 0 reads nothing again, and ends', async (name) => {
  const { addAsset, request, runJobs, scrub, letPass, storage, db, care } = await setup({
    settings: { [name]: 0, DELIVERY: 'packed' },
  });
  const { assetId, blob } = await addAsset();
  await request({ assetIds: [assetId] });
  await runJobs('gather', 'pack');
  await storage.blobs.remove(blob.sha256);
  await letPass(31);
  await db.orm.execute("update bundle_parts set verify_at = now() - interval '31 days'");
  await scrub(AbortSignal.timeout(5_000));
  expect(await care()).toMatchObject({ verifiedFiles: 0, faultsFound: 0 });
});

test('a changed byte and a lost file are found, audited once, set aside, and left out of what is asked for next', async () => {
  const { addAsset, scrub, letPass, faultOf, care, storage, db, request, runJobs, outcomes } = await setup();
  const [whole, changed, lost] = [await addAsset(), await addAsset(), await addAsset()];
  await flip(storage.blobs.path(changed.blob.sha256)!, 500);
  await storage.blobs.remove(lost.blob.sha256);
  await letPass(31);

  await scrub();
  await scrub();

  expect(await faultOf(whole.blob.sha256)).toBeNull();
  expect(await faultOf(changed.blob.sha256)).toBe('corrupt');
  expect(await faultOf(lost.blob.sha256)).toBe('missing');
  expect(await care()).toMatchObject({ verifiedFiles: 1, faultsFound: 2, missing: 1, corrupt: 1 });
  const events = await listAuditEvents(db.orm, { filter: { action: 'blob.faulty' }, limit: 10 });
  expect(events.map(({ detail }) => detail)).toEqual(
    expect.arrayContaining([
      { sha256: changed.blob.sha256, fault: 'corrupt', size: 1_000 },
      { sha256: lost.blob.sha256, fault: 'missing', size: 1_000 },
    ]),
  );
  expect(events).toHaveLength(2);
  const downloadId = await request({ assetIds: [whole, changed, lost].map(({ assetId }) => assetId) });
  await runJobs('gather', 'pack');
  expect((await outcomes(downloadId)).map(({ reason }) => reason)).toEqual([null, 'blob.corrupt', 'blob.missing']);
});

test('a fault that is gone is lifted by the sweep, and audited', async () => {
  const { addAsset, scrub, letPass, faultOf, storage, db, sweep } = await setup();
  const { blob, bytes } = await addAsset();
  await flip(storage.blobs.path(blob.sha256)!, 500);
  await letPass(31);
  await scrub();
  await writeFile(storage.blobs.path(blob.sha256)!, bytes);
  await db.orm.execute("update blobs set fault_checked_at = now() - interval '11 minutes'");

  await sweep();

  expect(await faultOf(blob.sha256)).toBeNull();
  const events = await listAuditEvents(db.orm, { filter: { action: 'blob.whole' }, limit: 10 });
  expect(events.map(({ detail }) => detail)).toEqual([{ sha256: blob.sha256, was: 'corrupt' }]);
});

test('those that were not verified for longest come first, and who is stopped leaves the rest to the next one', async () => {
  const stopping = new AbortController();
  let reads = 0;
  const worker = await setup({
    wrapStorage: (storage) => ({
      ...storage,
      blobs: {
        ...storage.blobs,
        async read(...args) {
          reads += 1;
          if (reads === 3) stopping.abort();
          return storage.blobs.read(...args);
        },
      },
    }),
  });
  const added = [];
  for (let index = 0; index < 4; index += 1) added.push((await worker.addAsset()).blob.sha256);
  await worker.letPass(31);
  for (const [index, sha256] of added.entries()) {
    await worker.db.orm.execute(
      `update blobs set created_at = created_at - interval '${10 - index} days' where sha256 = '${sha256}'`,
    );
  }

  await worker.scrub(stopping.signal);
  expect((await worker.verified()).toSorted()).toEqual(added.slice(0, 2).toSorted());
  await worker.scrub();
  expect(await worker.verified()).toHaveLength(4);
  expect(await worker.care()).toMatchObject({ verifiedFiles: 4 });
});

test('no more bytes per second are read than the setting says', async () => {
  const { addAsset, letPass, scrub, care } = await setup({ settings: { SCRUB_BYTES_PER_SECOND: 1_000_000 } });
  for (let index = 0; index < 3; index += 1) await addAsset({ bytes: randomBytes(400_000) });
  await letPass(31);
  const begun = performance.now();
  await scrub();
  // A pace that was held up catches up on half a second.
  expect(performance.now() - begun).toBeGreaterThan(600);
  expect(await care()).toMatchObject({ verifiedBytes: 1_200_000 });
});

test('one worker at a time reads: a second one leaves it to the first while its lease lives', async () => {
  const { addAsset, letPass, scrub, verified, db, deps } = await setup();
  await addAsset();
  await letPass(31);
  await claimScrub(db.orm, { workerId: 'another', leaseSeconds: 60 });
  await scrub();
  expect(await verified()).toEqual([]);
  await db.orm.execute("update storage_care set scrub_lease_until = now() - interval '1 second'");
  await scrub();
  expect(await verified()).toHaveLength(1);
  expect(await claimScrub(db.orm, { workerId: deps.workerId, leaseSeconds: 60 })).toBe(true);
});

test('a file that cannot be read keeps no other from its turn; a storage that is away marks none', async () => {
  const broken = new Set<string>();
  const worker = await setup({
    wrapStorage: (storage) => ({
      ...storage,
      blobs: {
        ...storage.blobs,
        async read(sha256, range) {
          if (broken.has(sha256)) throw new AppError('storage.unavailable', 'A sector cannot be read.');
          return storage.blobs.read(sha256, range);
        },
      },
    }),
  });
  const assets = [await worker.addAsset(), await worker.addAsset(), await worker.addAsset()];
  await worker.letPass(31);
  broken.add(assets.map(({ blob }) => blob.sha256).toSorted()[0]!);
  await expect(worker.scrub()).rejects.toThrow('1 stored files could not be verified.');
  expect(await worker.verified()).toHaveLength(2);

  await worker.letPass(31);
  broken.clear();
  await rm(path.join(worker.storageFolder, 'blobs'), { recursive: true });
  await expect(worker.scrub()).rejects.toMatchObject({ code: 'storage.unavailable' });
  expect(await worker.care()).toMatchObject({ missing: 0, corrupt: 0, faultsFound: 0 });
});

test('a worker reads by itself, lets go within a second when it is told to stop, and another one goes on', async () => {
  const { backend, remove } = await openQueueBackend('postgres');
  onTestFinished(remove);
  const worker = await setup({
    settings: { SCRUB_BYTES_PER_SECOND: 400_000, DRAIN_SECONDS: 15 },
    policy: { scrubEvery: 100 },
  });
  for (let index = 0; index < 2; index += 1) await worker.addAsset({ bytes: randomBytes(2_000_000) });
  await worker.letPass(31);
  const isReading = async () => {
    const [row] = await worker.db.orm.execute(
      'select count(*)::int as n from storage_care where scrub_lease_until > now()',
    );
    expect(row?.n).toBe(1);
  };
  const first = await worker.start(backend);
  await vi.waitFor(isReading, { timeout: 20_000 });

  const begun = performance.now();
  await first.close();
  expect(performance.now() - begun).toBeLessThan(2_000);

  await worker.start(backend);
  await vi.waitFor(isReading, { timeout: 20_000 });
});

test('a pause ends the reading that is under way', async () => {
  const worker = await setup({ settings: { SCRUB_BYTES_PER_SECOND: 100_000 } });
  await worker.addAsset({ bytes: randomBytes(20_000_000) });
  await worker.letPass(31);
  await worker.db.transaction((tx) => setQueue(tx, 'scrub', { pausedAt: new Date(), pauseReason: 'test' }));
  await worker.scrub();
  expect(await worker.care()).toMatchObject({ verifiedFiles: 0, faultsFound: 0 });
});
