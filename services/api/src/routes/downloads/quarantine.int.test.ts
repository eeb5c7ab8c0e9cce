import { recoverLostClaims } from '@sheaf/db/downloads/recover-lost-claims';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { db, clock, users } = api;
  const { assetId } = await api.addAsset();
  const id = await api.request([assetId]);
  /** Has a worker take the download up and fall silent. */
  const loseWorker = async (downloadId: string) => {
    await api.relay();
    await api.claim(downloadId, 'gather');
    await db.orm.execute("update download_steps set worker_id = 'lost ' || gen_random_uuid() where worker_id = 'test'");
    await db.orm.execute(
      "update downloads set lease_until = now() - interval '1 second' where lease_until is not null",
    );
    await db.transaction((tx) => recoverLostClaims(tx, { now: clock(), limit: 10 }));
  };
  const loseWorkers = async (times: number, downloadId = id) => {
    for (let lost = 0; lost < times; lost += 1) await loseWorker(downloadId);
  };
  return {
    ...api,
    id,
    loseWorkers,
    /** So many workers, 'dead 1' and so on, that fell silent so long ago. */
    die: (count: number, ago: string) =>
      db.orm.execute(`insert into workers (id, host, pid, version, rss_bytes, started_at, heartbeat_at)
        select 'dead ' || i, 'h', i, '1', 1, now(), now() - interval '${ago}' from generate_series(1, ${count}) i`),
    /** Has the workers that a download lost be those that `die` made, from the one after `from` on. */
    accountFor: (downloadId: string, from: number) =>
      db.orm.execute(`update download_steps s set worker_id = 'dead ' || n.place + ${from} from (
        select epoch, row_number() over (order by epoch) as place from download_steps where download_id = '${downloadId}'
      ) n where n.epoch = s.epoch and s.download_id = '${downloadId}' and s.worker_id like 'lost %'`),
    retry: (user = users.requester) => api.post(`/downloads/${id}/retry`, undefined, user),
    shown: async () => (await api.get(`/downloads/${id}`)).json(),
    audited: async () => {
      const rows = await db.orm.execute<{ action: string }>(
        `select action from audit_events where download_id = '${id}' order by seq`,
      );
      return rows.map(({ action }) => action);
    },
  };
}

describe('a download that lost three workers', () => {
  test('is shown as quarantined to its requester, with what is to be done', async () => {
    const { loseWorkers, shown } = await setup();
    await loseWorkers(2);
    expect(await shown()).toMatchObject({ state: 'queued', quarantined: false, error: null });
    await loseWorkers(1);
    expect(await shown()).toMatchObject({
      state: 'failed',
      quarantined: true,
      error: {
        code: 'download.worker_lost',
        message: expect.stringContaining('An administrator has to look at it'),
      },
    });
  });

  test('is no poison where more workers died without it than with it, until it has lost ten', async () => {
    const { loseWorkers, die, shown } = await setup();
    await loseWorkers(1);
    await die(10, '20 seconds');
    await loseWorkers(2);
    expect(await shown()).toMatchObject({ state: 'queued', quarantined: false });
    await loseWorkers(6);
    expect(await shown()).toMatchObject({ state: 'queued', quarantined: false });
    await loseWorkers(1);
    expect(await shown()).toMatchObject({
      state: 'failed',
      quarantined: true,
      error: { message: expect.stringContaining('stopped its worker 10 times') },
    });
  });

  test('is poison where no more workers died without it', async () => {
    const { db, loseWorkers, die, shown } = await setup();
    await loseWorkers(1);
    await die(3, '20 seconds');
    await db.orm.execute(`insert into workers (id, host, pid, version, rss_bytes, started_at, heartbeat_at)
      values ('alive', 'h', 2, '1', 1, now(), now())`);
    await loseWorkers(2);
    expect(await shown()).toMatchObject({ state: 'failed', quarantined: true });
  });

  test('is no poison where more workers had died within the ten minutes before', async () => {
    const { loseWorkers, die, shown } = await setup();
    await die(4, '9 minutes');
    await loseWorkers(3);
    expect(await shown()).toMatchObject({ state: 'queued', quarantined: false });
  });

  test('is poison where those that had died are of one in quarantine, or its own from before it was released', async () => {
    const { addAsset, request, loseWorkers, die, accountFor, retry, users, shown } = await setup();
    const poison = await request([(await addAsset()).assetId]);
    await loseWorkers(3, poison);
    await die(6, '9 minutes');
    await accountFor(poison, 0);
    await loseWorkers(3);
    expect(await shown()).toMatchObject({ state: 'failed', quarantined: true });

    await accountFor((await shown()).id, 3);
    await retry(users.administrator);
    await loseWorkers(3);
    expect(await shown()).toMatchObject({ state: 'failed', quarantined: true });
  });

  test('which was tried ten times accounts for nothing: workers died anyway', async () => {
    const { addAsset, request, loseWorkers, die, accountFor, shown } = await setup();
    const other = await request([(await addAsset()).assetId]);
    await die(10, '9 minutes');
    await loseWorkers(10, other);
    await accountFor(other, 0);
    await loseWorkers(3);
    expect(await shown()).toMatchObject({ state: 'queued', quarantined: false });
  });

  test('is poison where the others died long before', async () => {
    const { loseWorkers, die, shown } = await setup();
    await die(5, '11 minutes');
    await loseWorkers(3);
    expect(await shown()).toMatchObject({ state: 'failed', quarantined: true });
  });

  test('is poison again once it was released, whatever died before that', async () => {
    const { db, loseWorkers, die, retry, users, shown } = await setup();
    await loseWorkers(3);
    await db.orm.execute("update download_steps set started_at = now() - interval '1 hour'");
    await die(5, '30 minutes');
    await retry(users.administrator);
    await loseWorkers(3);
    expect(await shown()).toMatchObject({ state: 'failed', quarantined: true });
  });

  test('is found by administrators, with its three attempts', async () => {
    const { loseWorkers, id, get, users } = await setup();
    await loseWorkers(3);
    const url = '/admin/downloads?state=failed&error=download.worker_lost';
    expect((await get(url, users.administrator)).json().items).toMatchObject([{ id, quarantined: true }]);
    const detail = (await get(`/admin/downloads/${id}`, users.administrator)).json();
    expect(detail).toMatchObject({ download: { quarantined: true }, crashes: 3 });
    expect(detail.steps.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['lost', 'lost', 'lost']);
  });

  test('409: its requester cannot have it retried, and it stays as it is', async () => {
    const { loseWorkers, retry, shown } = await setup();
    await loseWorkers(3);
    const before = await shown();
    const answer = await retry();
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'download.quarantined']);
    expect(await shown()).toEqual(before);
  });

  test('202: an administrator releases it, its workers are counted anew, and the audit log tells both', async () => {
    const { loseWorkers, retry, shown, users, audited } = await setup();
    await loseWorkers(3);
    expect((await retry(users.administrator)).statusCode).toBe(202);
    expect(await shown()).toMatchObject({ state: 'requested', quarantined: false, error: null });
    await loseWorkers(2);
    expect(await shown()).toMatchObject({ state: 'queued', quarantined: false });
    await loseWorkers(1);
    expect(await shown()).toMatchObject({ state: 'failed', quarantined: true });
    expect((await retry()).json().code).toBe('download.quarantined');
    expect(await audited()).toEqual([
      'download.requested',
      'download.failed',
      'download.quarantined',
      'download.retried',
      'download.released',
      'download.failed',
      'download.quarantined',
    ]);
  });

  test('any other failure is no quarantine: its requester has it retried', async () => {
    const { db, retry, shown, audited } = await setup();
    await db.orm.execute(`update downloads set state = 'failed', error = '{"code":"storage.full","message":"Full."}'`);
    expect(await shown()).toMatchObject({ state: 'failed', quarantined: false });
    expect((await retry()).statusCode).toBe(202);
    expect(await audited()).toEqual(['download.requested', 'download.retried']);
  });
});
