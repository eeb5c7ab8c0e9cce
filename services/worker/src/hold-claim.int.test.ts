import { createDatabase } from '@sheaf/db/database';
import { claimDownload } from '@sheaf/db/downloads/claim-download';
import { freezeItems } from '@sheaf/db/downloads/freeze-items';
import { heartbeatDownload } from '@sheaf/db/downloads/heartbeat-download';
import { expect, onTestFinished, test, vi } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';
import { ClaimLost } from './claim-interruptions.ts';
import { decideBundle } from './decide-bundle.ts';
import { holdClaim } from './hold-claim.ts';

async function setup(settings: { LEASE_SECONDS: number }) {
  const worker = await setupWorker({ settings });
  const { assetId } = await worker.addAsset();
  const downloadId = await worker.request({ assetIds: [assetId] });
  await worker.takeJobs();
  const claimed = () =>
    claimDownload(worker.db.orm, {
      downloadId,
      step: 'gather',
      workerId: 'holder',
      leaseSeconds: settings.LEASE_SECONDS,
    });
  const claim = await claimed();
  if (claim === null) throw new Error('The download was not claimed.');
  return { worker, downloadId, claim, claimed };
}

test('a claim that is held outlives its lease, and nobody else gets the download', async () => {
  const { worker, claim, claimed } = await setup({ LEASE_SECONDS: 2 });
  const held = holdClaim(worker.deps, claim, new AbortController().signal);
  const leaseUntil = async () =>
    Date.parse(String((await worker.db.orm.execute('select lease_until from downloads'))[0]?.lease_until));
  const first = await leaseUntil();

  await vi.waitFor(async () => expect(await leaseUntil()).toBeGreaterThan(first + 2_000), { timeout: 10_000 });

  expect(await claimed()).toBeNull();
  expect(held.signal.aborted).toBe(false);
  await held.release();
});

test('a worker that cannot reach the database stops by the time its lease runs out', async () => {
  const { worker, claim } = await setup({ LEASE_SECONDS: 2 });
  const away = createDatabase('postgres://nobody@127.0.0.1:1/nothing');
  onTestFinished(() => away.close());

  const held = holdClaim({ ...worker.deps, db: away }, claim, new AbortController().signal);

  await vi.waitFor(() => expect(held.signal.reason).toBeInstanceOf(ClaimLost), { timeout: 10_000 });
  await held.release();
});

test('a heartbeat that comes after the download was let go does not take it again', async () => {
  const { worker, downloadId, claim } = await setup({ LEASE_SECONDS: 60 });
  const { decision } = await decideBundle(worker.deps, downloadId);
  const { promise: committing, resolve: commit } = Promise.withResolvers<void>();
  const { promise: frozen, resolve: nowFrozen } = Promise.withResolvers<void>();
  const freezing = worker.db.transaction(async (tx) => {
    await freezeItems(tx, claim, decision);
    nowFrozen();
    await committing;
  });
  await frozen;

  const late = heartbeatDownload(worker.db.orm, { ...claim, leaseSeconds: 60, entriesDone: 0, bytesDone: 0 });
  commit();

  await freezing;
  expect(await late).toBeNull();
  const pack = await claimDownload(worker.db.orm, { downloadId, step: 'pack', workerId: 'next', leaseSeconds: 60 });
  expect(pack).not.toBeNull();
});
