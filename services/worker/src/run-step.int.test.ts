import type { Database } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';
import { expect, test } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';
import { runStep } from './run-step.ts';

async function setup() {
  const worker = await setupWorker();
  const { assetId } = await worker.addAsset();
  const downloadId = await worker.request({ assetIds: [assetId] });
  await worker.takeJobs();
  const work = () => Promise.reject(new AppError('storage.unavailable', 'It is away.', { retryable: true }));
  /** A database whose next transactions break off, before or after their commit. */
  const breaking = (...at: ('before' | 'after')[]): Database => ({
    ...worker.db,
    async transaction(run) {
      const broken = at.shift();
      const done = broken === 'before' ? null : await worker.db.transaction(run);
      if (broken) throw Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' });
      return done as never;
    },
  });
  const run = (db: Database) =>
    runStep({ ...worker.deps, db }, { downloadId, step: 'gather' }, new AbortController().signal, work);
  const row = async () =>
    (
      await worker.db.orm.execute(
        'select state, attempts, crashes, lease_until from downloads where lease_until is null',
      )
    )[0];
  return { run, breaking, row };
}

test('a run that failed is handed back also where the connection breaks while that is written down', async () => {
  const { run, breaking, row } = await setup();

  await run(breaking('before', 'before'));

  expect(await row()).toEqual({ state: 'queued', attempts: 1, crashes: 0, lease_until: null });
});

test('what was handed back, though the answer was lost, is handed back once', async () => {
  const { run, breaking, row } = await setup();

  await run(breaking('after'));

  expect(await row()).toEqual({ state: 'queued', attempts: 1, crashes: 0, lease_until: null });
});
