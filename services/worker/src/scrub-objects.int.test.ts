import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listAuditEvents } from '@sheaf/db/audit/list-audit-events';
import { listArchiveFaults } from '@sheaf/db/storage-care/list-archive-faults';
import { readStorageCare } from '@sheaf/db/storage-care/read-storage-care';
import { expect, test } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';
import { scrub } from './jobs/scrub.ts';

const never = new AbortController().signal;
const settings = { SCRUB_BYTES_PER_SECOND: 1_000_000_000, SCRUB_DAYS: 30, DELIVERY: 'packed' } as const;

/** Ready downloads: one whose archive has a recorded SHA-256 (a tar), and others that go by their size. */
async function setup() {
  const worker = await setupWorker({ settings });
  const { assetId } = await worker.addAsset();
  const ids: string[] = [];
  for (const format of ['tar', 'zip', 'zip'] as const) ids.push(await worker.request({ assetIds: [assetId], format }));
  await worker.runJobs('gather', 'pack');
  const fileOf = async (index: number) => {
    const [part] = await worker.db.orm.execute<{ key: string }>(
      `select object_key as key from bundle_parts where download_id = '${ids[index]}'`,
    );
    return worker.storage.objects.path(part!.key)!;
  };
  return {
    ...worker,
    ids,
    fileOf,
    scrub: () => scrub({}, worker.deps, never),
    letPass: (days: number) =>
      worker.db.orm.execute(`update bundle_parts set verify_at = verify_at - interval '${days} days'`),
    faults: async () =>
      (await listArchiveFaults(worker.db.orm, 10)).map(({ downloadId, fault }) => [ids.indexOf(downloadId), fault]),
    events: async (action: 'blob.faulty' | 'blob.whole') => {
      const events = await listAuditEvents(worker.db.orm, { filter: { action }, limit: 10 });
      return events.map(({ downloadId, detail }) => ({ downloadId, detail }));
    },
  };
}

async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[100]! ^= 1;
  await writeFile(file, bytes);
}

test('archives are looked at a day after they were published, and then as often as any file; what was read counts', async () => {
  const { scrub, letPass, db } = await setup();
  const due = async () => (await db.orm.execute('select from bundle_parts where verify_at < now()')).length;
  await scrub();
  expect(await readStorageCare(db.orm)).toMatchObject({ verifiedFiles: 0 });
  await letPass(2);
  expect(await due()).toBe(3);
  await scrub();
  expect(await due()).toBe(0);
  expect(await readStorageCare(db.orm)).toMatchObject({ verifiedFiles: 1 });
  await letPass(29);
  await scrub();
  expect(await readStorageCare(db.orm)).toMatchObject({ verifiedFiles: 1, faultsFound: 0 });
});

test('a damaged one is read again after a day, one that is looked at by its size after ten minutes', async () => {
  const { scrub, letPass, fileOf, db, ids } = await setup();
  await flip(await fileOf(0));
  await rm(await fileOf(1));
  await letPass(2);
  await scrub();
  const rows = await db.orm.execute<{ id: string; minutes: number }>(
    `select download_id as id, round(extract(epoch from verify_at - now()) / 60)::int as minutes from bundle_parts
     where fault is not null`,
  );
  const minutes = new Map(rows.map(({ id, minutes }) => [id, minutes]));
  expect([minutes.get(ids[0]!), minutes.get(ids[1]!)]).toEqual([24 * 60, 10]);
});

test('archives have their turn where no stored file can be verified', async () => {
  const { scrub, letPass, addAsset, db, storageFolder } = await setup();
  for (let index = 0; index < 3; index += 1) await addAsset();
  await letPass(2);
  await db.orm.execute("update blobs set created_at = created_at - interval '31 days', verified_at = null");
  await rename(path.join(storageFolder, 'blobs'), path.join(storageFolder, 'away'));
  await expect(scrub()).rejects.toMatchObject({ code: 'storage.unavailable' });
  expect(await db.orm.execute('select from bundle_parts where verify_at < now()')).toHaveLength(0);
});

test('those that are known to be gone do not make the others look as if all were away', async () => {
  const { scrub, letPass, fileOf, faults } = await setup();
  for (const index of [0, 1, 2]) {
    await rm(await fileOf(index));
    await letPass(31);
    await scrub();
    expect(await faults()).toHaveLength(index + 1);
  }
});

test('a changed byte, a lost file and one cut short are found, audited once and counted; whole again, they are released', async () => {
  const { scrub, letPass, fileOf, faults, events, ids, db } = await setup();
  const [changed, cut] = [await fileOf(0), await fileOf(1)];
  const [changedBytes, cutBytes] = [await readFile(changed), await readFile(cut)];
  await flip(changed);
  await writeFile(cut, cutBytes.subarray(1));
  await letPass(2);

  await scrub();
  await letPass(1);
  await scrub();

  expect((await faults()).toSorted()).toEqual([
    [0, 'corrupt'],
    [1, 'corrupt'],
  ]);
  const told = await events('blob.faulty');
  expect(told.map(({ downloadId }) => downloadId).toSorted()).toEqual([ids[0], ids[1]].toSorted());
  expect(await readStorageCare(db.orm)).toMatchObject({ faultsFound: 2, corrupt: 2, missing: 0 });

  await writeFile(changed, changedBytes);
  await rm(cut);
  await letPass(1);
  await scrub();
  expect(await faults()).toEqual([[1, 'missing']]);
  expect(await events('blob.whole')).toMatchObject([{ downloadId: ids[0], detail: { was: 'corrupt' } }]);
});

test('what belongs to a download that is over is neither read nor told of', async () => {
  const { scrub, letPass, fileOf, faults, ids, db } = await setup();
  await flip(await fileOf(0));
  await letPass(2);
  await scrub();
  expect(await faults()).toHaveLength(1);
  await rm(await fileOf(1));
  await db.orm.execute(`update downloads set state = 'expired' where id in ('${ids[0]}', '${ids[1]}')`);
  await letPass(2);
  await scrub();
  expect(await faults()).toEqual([]);
  expect(await readStorageCare(db.orm)).toMatchObject({ faultsFound: 1, missing: 0, corrupt: 0 });
});

test('archives that are away as a whole are blamed for nothing', async () => {
  const { scrub, letPass, faults, storageFolder } = await setup();
  await letPass(2);
  await rename(path.join(storageFolder, 'objects'), path.join(storageFolder, 'away'));
  await expect(scrub()).rejects.toThrow('could not be read or written');
  await rename(path.join(storageFolder, 'away'), path.join(storageFolder, 'objects'));
  expect(await faults()).toEqual([]);
  await scrub();
  expect(await faults()).toEqual([]);
});
