import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../test/harness/downloads.ts';
import { handBackDownload } from '../downloads/hand-back-download.ts';
import { heartbeatWorker } from '../workers/heartbeat-worker.ts';
import { findGaps } from './find-gaps.ts';
import { findUnsettled, type UnsettledKind } from './find-unsettled.ts';
import { listPublishedObjects } from './list-published-objects.ts';
import { repairGaps } from './repair-gaps.ts';

/** One download that is ready in two parts, one that was cancelled, and one that waits. */
async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const assets = [await api.addAsset(), await api.addAsset()];
  const assetIds = assets.map(({ assetId }) => assetId);
  const request = () => api.request(assetIds, { renditions: 'originals', notify: { email: true, to: [] } });
  const ready = await request();
  const published = await api.publish(ready, [randomBytes(2_000), randomBytes(500)]);
  const [cancelled, waiting] = [await request(), await request()];
  await api.post(`/downloads/${cancelled}/cancel`, undefined);
  const { orm } = api.db;
  return {
    orm,
    ready,
    cancelled,
    waiting,
    published,
    epoch: async (id: string) => {
      const [row] = await orm.execute<{ epoch: number }>(sql`select epoch from downloads where id = ${id}`);
      return row!.epoch;
    },
    gaps: () => findGaps(orm, { limit: 100 }),
    unsettled: () => findUnsettled(orm, { limit: 100 }),
  };
}

describe('gaps', () => {
  test('there are none between a ready, a cancelled and a waiting download', async () => {
    const { gaps } = await setup();

    expect(await gaps()).toEqual([]);
  });

  type Setup = Awaited<ReturnType<typeof setup>>;
  const sources: [
    string,
    keyof Pick<Setup, 'ready' | 'cancelled' | 'waiting'>,
    (id: string) => ReturnType<typeof sql>,
  ][] = [
    ['items.incomplete', 'waiting', (id) => sql`delete from download_items where download_id = ${id}`],
    ['lease.misplaced', 'ready', (id) => sql`update downloads set lease_until = now() where id = ${id}`],
    ['bundle.incomplete', 'ready', (id) => sql`delete from bundle_parts where download_id = ${id} and number = 1`],
    [
      'bundle.unpublished',
      'cancelled',
      (id) => sql`insert into bundle_parts (download_id, number, object_key, file_name, media_type, size, etag, entries)
          values (${id}, 1, 'key', 'a.zip', 'application/zip', 1, '"a"', 1)`,
    ],
    [
      'bundle.twice',
      'ready',
      (id) => sql`select append_audit_event(now(), null, 'download.ready', ${id}::uuid, null, null, '{}')`,
    ],
    ['link.missing', 'ready', (id) => sql`delete from links where download_id = ${id}`],
    [
      'notification.missing',
      'cancelled',
      (id) => sql`delete from notifications where download_id = ${id} and channel = 'inbox'`,
    ],
    [
      'notification.twice',
      'ready',
      (id) => sql`insert into notifications (id, download_id, event, epoch, channel, recipient)
          select gen_random_uuid(), download_id, event, epoch, channel, upper(recipient) from notifications
          where download_id = ${id} and channel = 'email'`,
    ],
    [
      'notification.unkept',
      'ready',
      (id) => sql`update notifications set state = 'delivered', delivered_at = now()
          where download_id = ${id} and channel = 'inbox'`,
    ],
  ];

  test.each(sources)('%s is found, with its download', async (kind, which, damage) => {
    const given = await setup();

    await given.orm.execute(damage(given[which]));

    expect(await given.gaps()).toEqual([
      { kind, downloadId: given[which], epoch: await given.epoch(given[which]), detail: expect.any(String) },
    ]);
  });

  test.each(['bundle.incomplete', 'link.missing'])(
    '%s ends the download that was found, not one made anew since',
    async (kind) => {
      const { orm, ready, gaps } = await setup();
      await orm.execute(
        kind === 'link.missing'
          ? sql`delete from links where download_id = ${ready}`
          : sql`delete from bundle_parts where download_id = ${ready} and number = 1`,
      );
      const found = await gaps();
      const isOver = async () => {
        await repairGaps(orm, found, new Date());
        const [row] = await orm.execute(sql`select expires_at <= now() as over from downloads where id = ${ready}`);
        return row?.over;
      };
      await orm.execute(sql`update downloads set epoch = epoch + 3 where id = ${ready}`);

      expect(await isOver()).toBe(false);
      await orm.execute(sql`update downloads set epoch = epoch - 3 where id = ${ready}`);
      expect(await isOver()).toBe(true);
    },
  );

  test('a publication that the audit log does not know is found', async () => {
    const { orm, waiting, gaps } = await setup();

    await orm.execute(sql`update downloads set state = 'ready' where id = ${waiting}`);

    const kinds = (await gaps()).map(({ kind }) => kind);
    expect(kinds).toEqual(['bundle.incomplete', 'bundle.unrecorded', 'link.missing', 'notification.missing']);
  });
});

test('what is still to be done: the waiting download with its job, and the messages that nobody has delivered', async () => {
  const { waiting, unsettled } = await setup();

  const found = await unsettled();

  expect(found.filter(({ kind }) => kind === 'download')).toEqual([
    { kind: 'download', id: waiting, detail: 'requested', dueAt: expect.any(Date), waitsFor: 'turn' },
  ]);
  expect(found.filter(({ kind }) => kind === 'job').map(({ detail }) => detail)).toContain('gather');
  expect(found.every(({ dueAt }) => dueAt.getTime() <= Date.now() + 1_000)).toBe(true);
  // Inbox and email of the one, inbox of the other.
  expect(found.filter(({ kind }) => kind === 'notification')).toHaveLength(3);
});

describe('what waits', () => {
  /** Downloads that were all asked for an hour ago, of which the relay has given the first two to the queue. */
  async function setupWaiting() {
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

  test('nothing, where no worker is busy: nobody will take it up', async () => {
    const { waits, beat } = await setupWaiting();

    expect(await waits()).toEqual([null, null, null]);
    expect(await waits('job')).toEqual([null]);
    await beat('notify', 'render');
    expect(await waits()).toEqual([null, null, null]);
  });

  test('its turn, while workers are busy, or one has just been begun; not one that was passed over', async () => {
    const { waits, beat, orm, ids, claim } = await setupWaiting();

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

  test('a worker that has it, until its lease is over', async () => {
    const { waits, ids, claim, orm } = await setupWaiting();
    await claim(ids[0]!, 'gather');

    expect((await waits())[0]).toBe('worker');
    await orm.execute(sql`update downloads set lease_until = now() - interval '1 second' where id = ${ids[0]}`);
    expect((await waits())[0]).toBeNull();
  });

  test('its requester, where as many are in progress as the configuration allows', async () => {
    const { waits, switchVisibility } = await setupWaiting();

    await switchVisibility({ runningPerRequester: 3 });
    expect(await waits()).toEqual([null, null, null]);
    await switchVisibility({ runningPerRequester: 2 });
    expect(await waits()).toEqual([null, null, 'limit']);
    expect(await waits('job')).toEqual(['limit']);
  });

  test('a paused queue, of its own step', async () => {
    const { waits, orm, ids, publish } = await setupWaiting();
    await publish(ids[0]!);
    await orm.execute(sql`update notifications set next_attempt_at = now() - interval '1 hour'`);

    await orm.execute(sql`insert into queue_settings (name, paused_at) values ('gather', now())`);
    expect(await waits()).toEqual(['pause', 'pause']);
    expect(await waits('notification')).toContain(null);
    await orm.execute(sql`update queue_settings set name = 'notify'`);
    expect(await waits()).not.toContain('pause');
    expect(new Set(await waits('notification'))).toEqual(new Set(['pause']));
  });

  test('its time, where that has not come', async () => {
    const { waits, orm, ids } = await setupWaiting();

    await orm.execute(
      sql`update outbox set available_at = now() + interval '1 minute' where payload ->> 'downloadId' = ${ids[2]}`,
    );
    expect(await waits()).toEqual([null, null, 'time']);
    expect(await waits('job')).toContain('time');
    await orm.execute(sql`update notifications set next_attempt_at = now() + interval '1 minute'`);
    expect(new Set(await waits('notification'))).not.toContain(null);
  });

  test('one that was handed back could be done since then, not since it was asked for', async () => {
    const { orm, ids, claim } = await setupWaiting();
    const held = await claim(ids[0]!, 'gather');
    await orm.transaction((tx) => handBackDownload(tx, { ...held, next: 'gather', failed: false, delayMs: 0 }));

    const found = (await findUnsettled(orm, { limit: 100 })).find(({ id }) => id === ids[0]);
    expect(found!.dueAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });
});

test('the objects that must be stored are those of ready downloads, with their sizes, page by page', async () => {
  const { orm, ready, published } = await setup();

  const [first] = await listPublishedObjects(orm, { after: null, limit: 1 });
  const rest = await listPublishedObjects(orm, { after: first ?? null, limit: 10 });

  const expected = published.parts.map(({ objectKey, bytes, sha256 }, index) => ({
    downloadId: ready,
    number: index + 1,
    objectKey,
    size: bytes.length,
    sha256,
  }));
  expect([first, ...rest]).toEqual(expected);
});
