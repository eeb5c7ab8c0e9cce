import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../test/harness/downloads.ts';
import { findGaps } from './find-gaps.ts';
import { findUnsettled } from './find-unsettled.ts';
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
    fault: null,
  }));
  expect([first, ...rest]).toEqual(expected);
});
