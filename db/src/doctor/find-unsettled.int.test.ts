import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../test/harness/downloads.ts';
import { handBackDownload } from '../downloads/hand-back-download.ts';
import { heartbeatWorker } from '../workers/heartbeat-worker.ts';
import { findUnsettled, type UnsettledKind } from './find-unsettled.ts';

/** Downloads that were all asked for an hour ago, of which the relay has given the first two to the queue. */
async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { assetId } = await api.addAsset();
  const ids = [await api.request([assetId]), await api.request([assetId])];
  await api.relay();
  ids.push(await api.request([assetId]));
  const { orm } = api.db;
  await orm.execute(sql`update downloads set charged_at = now() - interval '1 hour'`);
  await orm.execute(sql`update outbox set available_at = now() - interval '1 hour'`);
  return {
    ...api,
    orm,
    ids,
    /** Of each, in their order. */
    async waits(kind: UnsettledKind = 'download') {
      const found = (await findUnsettled(orm, { limit: 100 })).filter((one) => one.kind === kind);
      return found.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ waitsFor }) => waitsFor);
    },
    beat: (...queues: string[]) => {
      const jobs = queues.map((queue) => ({
        queue,
        jobId: 'a',
        downloadId: null,
        startedAt: '2026-01-02T03:04:05Z',
      }));
      return heartbeatWorker(orm, { id: 'w', host: 'h', pid: 1, version: '1', rssBytes: 1, jobs });
    },
  };
}

test('a download waits for nothing, where no worker is busy: nobody will take it up', async () => {
  const { waits, beat } = await setup();

  expect(await waits()).toEqual([null, null, null]);
  expect(await waits('job')).toEqual([null]);
  await beat('notify', 'render');
  expect(await waits()).toEqual([null, null, null]);
});

test('a download waits for its turn, while workers are busy, or one has just been begun; not one that was passed over', async () => {
  const { waits, beat, orm, ids, claim } = await setup();

  await beat('gather');
  expect(await waits()).toEqual(['turn', 'turn', 'turn']);
  expect(await waits('job')).toEqual(['turn']);
  await orm.execute(sql`delete from workers`);
  await claim(ids[1]!, 'gather');
  expect(await waits()).toEqual(['turn', 'worker', 'turn']);
  await orm.execute(sql`update downloads set step_started_at = now() - interval '16 minutes' where id = ${ids[1]}`);
  await beat('gather');
  expect(await waits()).toEqual([null, 'worker', 'turn']);
});

test('a download waits for a worker that has it, until its lease is over', async () => {
  const { waits, ids, claim, orm } = await setup();
  await claim(ids[0]!, 'gather');

  expect((await waits())[0]).toBe('worker');
  await orm.execute(sql`update downloads set lease_until = now() - interval '1 second' where id = ${ids[0]}`);
  expect((await waits())[0]).toBeNull();
});

test('a download waits for its requester, where as many are in progress as the configuration allows', async () => {
  const { waits, switchVisibility } = await setup();

  await switchVisibility({ runningPerRequester: 3 });
  expect(await waits()).toEqual([null, null, null]);
  await switchVisibility({ runningPerRequester: 2 });
  expect(await waits()).toEqual([null, null, 'limit']);
  expect(await waits('job')).toEqual(['limit']);
});

test('a download waits for a paused queue, of its own step', async () => {
  const { waits, orm, ids, publish } = await setup();
  await publish(ids[0]!);
  await orm.execute(sql`update notifications set next_attempt_at = now() - interval '1 hour'`);

  await orm.execute(sql`insert into queue_settings (name, paused_at) values ('gather', now())`);
  expect(await waits()).toEqual(['pause', 'pause']);
  expect(await waits('notification')).toContain(null);
  await orm.execute(sql`update queue_settings set name = 'notify'`);
  expect(await waits()).not.toContain('pause');
  expect(new Set(await waits('notification'))).toEqual(new Set(['pause']));
});

test('a download waits for its time, where that has not come', async () => {
  const { waits, orm, ids } = await setup();

  await orm.execute(
    sql`update outbox set available_at = now() + interval '1 minute' where payload ->> 'downloadId' = ${ids[2]}`,
  );
  expect(await waits()).toEqual([null, null, 'time']);
  expect(await waits('job')).toContain('time');
  await orm.execute(sql`update notifications set next_attempt_at = now() + interval '1 minute'`);
  expect(new Set(await waits('notification'))).not.toContain(null);
});

test('one that was handed back could be done since then, not since it was asked for', async () => {
  const { orm, ids, claim } = await setup();
  const held = await claim(ids[0]!, 'gather');
  await orm.transaction((tx) => handBackDownload(tx, { ...held, next: 'gather', failed: false, delayMs: 0 }));

  const found = (await findUnsettled(orm, { limit: 100 })).find(({ id }) => id === ids[0]);
  expect(found!.dueAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
});
