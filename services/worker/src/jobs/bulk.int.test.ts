import { cancelBulkAction } from '@sheaf/db/bulk-actions/cancel-bulk-action';
import { claimBulkAction } from '@sheaf/db/bulk-actions/claim-bulk-action';
import { confirmBulkAction } from '@sheaf/db/bulk-actions/confirm-bulk-action';
import { findBulkAction } from '@sheaf/db/bulk-actions/find-bulk-action';
import { listTargets } from '@sheaf/db/bulk-actions/list-targets';
import { prepareBulkAction } from '@sheaf/db/bulk-actions/prepare-bulk-action';
import type { DownloadSearch } from '@sheaf/db/download-search/download-search';
import { insertUser } from '@sheaf/db/users/insert-user';
import type { BulkActionKind } from '@sheaf/domain/bulk-action';
import { describe, expect, test } from 'vitest';
import { setupWorker } from '../../../../test/harness/worker.ts';
import { bulk } from './bulk.ts';

const failed: DownloadSearch = { states: ['failed'] };

async function setup() {
  const worker = await setupWorker();
  const { db, deps } = worker;
  const { assetId } = await worker.addAsset();
  const admin = await insertUser(db.orm, {
    email: 'admin@example.com',
    name: 'Admin',
    role: 'administrator',
    passwordHash: null,
  });
  const run = (sql: string) => db.orm.execute<Record<string, unknown>>(sql);
  const fail = (ids: string[]) =>
    run(`update downloads set state = 'failed', error = '{"code": "internal", "message": "It broke."}', finished_at = now()
      where id in ('${ids.join("', '")}')`);
  const request = async (count: number) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index++) ids.push(await worker.request({ assetIds: [assetId] }));
    await worker.takeJobs();
    return ids;
  };
  return {
    ...worker,
    run,
    fail,
    admin,
    requested: request,
    /** The jobs of bulk actions that are asked for by now; what they ask for is left. */
    async runBulk() {
      for (const row of await worker.takeJobs()) if (row.job === 'bulk') await worker.runJob(row);
    },
    async failed(count: number) {
      const ids = await request(count);
      await fail(ids);
      return ids;
    },
    async start(kind: BulkActionKind, search: DownloadSearch = failed, filter: Record<string, string> = {}) {
      const now = deps.clock();
      const id = await db.transaction((tx) =>
        prepareBulkAction(tx, { kind, search, filter, createdBy: admin.id, now }),
      );
      await db.transaction((tx) =>
        confirmBulkAction(tx, { id, createdBy: admin.id, reason: 'A test', requestId: 'request-1', now }),
      );
      return id;
    },
    states: async (ids: string[]) => Promise.all(ids.map(async (id) => (await worker.download(id)).state)),
    epochs: async (ids: string[]) => {
      const rows = await run(`select epoch from downloads where id in ('${ids.join("', '")}') order by id`);
      return rows.map(({ epoch }) => epoch);
    },
    action: async (id: string) => (await findBulkAction(db.orm, id))!,
    results: async (id: string) =>
      (await listTargets(db.orm, id, { limit: 100 })).items.map(({ downloadId, result, code }) => {
        return { downloadId, result, code };
      }),
    audit: async () =>
      (await run('select action, record from audit_events order by seq')) as unknown as {
        action: string;
        record: string;
      }[],
  };
}

describe('bulk', () => {
  test('leaves what is in quarantine where it is, unless the filter names it', async () => {
    const t = await setup();
    const [poison, other] = (await t.failed(2)) as [string, string];
    await t.run(
      `update downloads set error = '{"code": "download.worker_lost", "message": "x"}' where id = '${poison}'`,
    );

    const all = await t.start('retry');
    await t.runBulk();

    expect(await t.states([poison, other])).toEqual(['failed', 'requested']);
    expect(await t.results(all)).toContainEqual({
      downloadId: poison,
      result: 'skipped',
      code: 'download.quarantined',
    });

    await t.start('retry', failed, { error: 'download.worker_lost' });
    await t.runBulk();

    expect(await t.states([poison])).toEqual(['requested']);
    expect((await t.audit()).map(({ action }) => action)).toContain('download.released');
  });

  test('does it to exactly what was found, and not to what the filter would find by now', async () => {
    const t = await setup();
    const found = await t.failed(3);
    const others = await t.requested(2);
    const id = await t.start('retry');
    await t.fail(others);

    await t.runBulk();

    expect(await t.states(found)).toEqual(['requested', 'requested', 'requested']);
    expect(await t.states(others)).toEqual(['failed', 'failed']);
    expect(await t.action(id)).toMatchObject({ state: 'done', total: 3, done: 3, skipped: 0, people: 1, bytes: 3_000 });
    expect(await t.results(id)).toEqual(found.map((downloadId) => ({ downloadId, result: 'done', code: null })));
  });

  test('tells the audit log of each download, with whose action it was and why', async () => {
    const t = await setup();
    const [downloadId] = await t.failed(1);
    const bulkActionId = await t.start('retry');
    await t.runBulk();
    const [retried, finished] = (await t.audit()).map(({ record }) => JSON.parse(record));
    expect(retried).toMatchObject({
      action: 'download.retried',
      actorId: t.admin.id,
      downloadId,
      detail: { bulkActionId, reason: 'A test', requestId: 'request-1' },
    });
    expect(finished).toMatchObject({ action: 'bulk.finished', detail: { bulkActionId, done: 1, total: 1 } });
  });

  test('a run that crashes between two downloads is gone on with, and nothing is done twice', async () => {
    const t = await setup();
    const found = await t.failed(4);
    const id = await t.start('retry');
    let left = 2;
    const breaking = {
      ...t.deps,
      db: {
        ...t.db,
        transaction: (work: never) => {
          if (left-- <= 0 && left > -2) throw new Error('The process dies.');
          return t.db.transaction(work);
        },
      } as typeof t.db,
    };
    await expect(bulk({ bulkActionId: id, epoch: 0 }, breaking, new AbortController().signal)).rejects.toThrow('dies');
    expect(await t.action(id)).toMatchObject({ state: 'queued', done: 2 });
    expect(await t.states(found)).toEqual(['requested', 'requested', 'failed', 'failed']);
    const before = await t.epochs(found);

    await bulk({ bulkActionId: id, epoch: 0 }, t.deps, new AbortController().signal);

    expect(await t.action(id)).toMatchObject({ state: 'done', done: 4, skipped: 0 });
    const after = await t.epochs(found);
    expect(after.map((epoch, index) => Number(epoch) - Number(before[index]))).toEqual([0, 0, 1, 1]);
  });

  test('the job of a worker that fell silent is asked for again by the sweep, and its claim is void', async () => {
    const t = await setup();
    const found = await t.failed(2);
    const id = await t.start('retry');
    await t.takeJobs();
    const lost = await claimBulkAction(t.db.orm, { id, leaseSeconds: 0, now: t.deps.clock() });
    expect(lost).toMatchObject({ epoch: 1 });

    await t.sweep();
    await t.runBulk();

    expect(await t.action(id)).toMatchObject({ state: 'done', done: 2 });
    expect(await t.states(found)).toEqual(['requested', 'requested']);
    expect(await claimBulkAction(t.db.orm, { id, leaseSeconds: 5, now: t.deps.clock() })).toBeNull();
  });

  test('skips, with the reason, what was started over since it was found', async () => {
    const t = await setup();
    const [first, second] = await t.failed(2);
    const id = await t.start('retry');
    await t.restart(second!);
    await t.fail([second!]);

    await t.runBulk();

    expect(await t.results(id)).toEqual([
      { downloadId: first, result: 'done', code: null },
      { downloadId: second, result: 'skipped', code: 'download.state_conflict' },
    ]);
    expect(await t.states([first!, second!])).toEqual(['requested', 'failed']);
    expect(await t.action(id)).toMatchObject({ state: 'done', done: 1, skipped: 1 });
  });

  test('judges each download again when its turn comes: one whose requester is gone is skipped, the others are not', async () => {
    const t = await setup();
    const [first] = await t.failed(1);
    const gone = await t.addUser('gone@example.com');
    const { assetId } = await t.addAsset();
    const orphan = await t.requestAs(gone, { assetIds: [assetId] });
    await t.takeJobs();
    await t.fail([orphan]);
    const id = await t.start('retry');
    await t.run(`update users set disabled_at = now() where id = '${gone.id}'`);

    await t.runBulk();

    expect(await t.states([first!, orphan])).toEqual(['requested', 'failed']);
    expect(await t.results(id)).toContainEqual({ downloadId: orphan, result: 'skipped', code: 'auth.forbidden' });
  });

  test('cancels what waits and revokes what is ready, and skips the rest', async () => {
    const t = await setup();
    const ready = await t.requested(1);
    await t.run(
      "insert into outbox (job, job_id, payload) select 'gather', 'g', jsonb_build_object('downloadId', id, 'epoch', 0) from downloads",
    );
    await t.runJobs();
    const waiting = await t.requested(2);
    const all: DownloadSearch = { states: ['ready', 'requested', 'queued'] };

    const cancel = await t.start('cancel', all);
    await t.runBulk();
    expect(await t.states([...ready, ...waiting])).toEqual(['ready', 'cancelled', 'cancelled']);
    expect(await t.action(cancel)).toMatchObject({ done: 2, skipped: 1 });

    const revoke = await t.start('revoke', { states: ['ready'] });
    await t.runBulk();
    expect(await t.states(ready)).toEqual(['revoked']);
    expect(await t.action(revoke)).toMatchObject({ done: 1, skipped: 0 });
  });

  test('stops before the next download once somebody cancels it; what was done stays', async () => {
    const t = await setup();
    const found = await t.failed(3);
    const id = await t.start('retry');
    let done = 0;
    const cancelling = {
      ...t.deps,
      db: {
        ...t.db,
        transaction: async (work: never) => {
          const result = await t.db.transaction(work);
          done += 1;
          if (done === 1) await t.db.transaction((tx) => cancelBulkAction(tx, { id, now: t.deps.clock() }));
          return result;
        },
      } as typeof t.db,
    };
    await bulk({ bulkActionId: id, epoch: 0 }, cancelling, new AbortController().signal);
    expect(await t.states(found)).toEqual(['requested', 'failed', 'failed']);
    expect(await t.action(id)).toMatchObject({ state: 'cancelled', done: 1 });
    expect((await t.results(id)).map(({ result }) => result)).toEqual(['done', null, null]);
  });

  test('does nothing once whoever confirmed it is no administrator any more', async () => {
    const t = await setup();
    const found = await t.failed(2);
    const id = await t.start('retry');
    await t.run(`update users set role = 'requester' where id = '${t.admin.id}'`);
    await t.runBulk();
    expect(await t.states(found)).toEqual(['failed', 'failed']);
    expect(await t.action(id)).toMatchObject({ state: 'cancelled', done: 0, skipped: 0 });
  });
});
