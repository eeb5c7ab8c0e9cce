import { addMember } from '@sheaf/db/groups/add-member';
import { insertGroup } from '@sheaf/db/groups/insert-group';
import { updateGroup } from '@sheaf/db/groups/update-group';
import { setUserQuota } from '@sheaf/db/quotas/set-user-quota';
import { acceptances, downloadItems, downloads } from '@sheaf/db/schema/downloads';
import { outbox } from '@sheaf/db/schema/jobs';
import { accesses } from '@sheaf/db/schema/links';
import { noQuota, type Quota } from '@sheaf/domain/quota';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TestUser } from '../../../../../test/harness/api.ts';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

const hour = 3_600;

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { db, clock, users } = api;
  const { assetId, original, renditions } = await api.addAsset({ renditions: ['web', 'thumbnail'] });
  return {
    ...api,
    assetId,
    original,
    renditions,
    /** Of what `ask` asks for: 1,000 bytes of the original and 500 of each rendition. */
    size: 2_000,
    ask: (user: TestUser = users.requester, body: object = {}) =>
      api.post('/downloads', { assetIds: [assetId], renditions: 'originals-and-static', ...body }, user),
    limitAll: (quota: Partial<Quota>) => api.switchVisibility({ quota: { ...noQuota, ...quota } }),
    limitUser: (quota: Partial<Quota> | null, user: TestUser = users.requester) =>
      setUserQuota(db.orm, user.id, quota && { ...noQuota, ...quota }),
    async limitGroup(quota: Partial<Quota>, members: TestUser[], name = 'Agency') {
      const group = { name, claim: null, dynamicRenditions: false, quota: { ...noQuota, ...quota } };
      const id = await insertGroup(db.orm, group, clock());
      for (const { id: userId } of members) await addMember(db.orm, id, userId, clock());
      return id;
    },
    me: async (user: TestUser = users.requester) => (await api.get('/me', user)).json().quota,
  };
}

function statuses(answers: { statusCode: number }[]): Record<number, number> {
  const counted: Record<number, number> = {};
  for (const { statusCode } of answers) counted[statusCode] = (counted[statusCode] ?? 0) + 1;
  return counted;
}

const times = <T>(count: number, ask: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => ask(index));

describe('many at once', () => {
  test('200 parallel requests at a quota of one concurrent download pass exactly once', async () => {
    const { ask, limitAll, db } = await setup();
    await limitAll({ concurrentDownloads: 1 });
    const waiting = await db.orm.$count(outbox);
    const answers = await Promise.all(times(200, () => ask()));
    expect(statuses(answers)).toEqual({ 202: 1, 429: 199 });
    expect(await db.orm.$count(downloads)).toBe(1);
    expect(await db.orm.$count(outbox)).toBe(waiting + 1);
  });

  test('200 parallel requests never get more bytes than the quota has', async () => {
    const { ask, limitAll, db, size } = await setup();
    await limitAll({ bytes: 3 * size + size / 2 });
    const answers = await Promise.all(times(200, () => ask()));
    expect(statuses(answers)).toEqual({ 202: 3, 429: 197 });
    expect(await db.orm.$count(downloads)).toBe(3);
  });

  test("200 parallel requests of several users pass exactly as often as their groups' shared quotas allow", async () => {
    const { ask, limitGroup, addUser } = await setup();
    const members = await Promise.all(times(5, () => addUser('requester')));
    await limitGroup({ concurrentDownloads: 3 }, members, 'First');
    await limitGroup({ concurrentDownloads: 2 }, [...members].reverse(), 'Second');
    const answers = await Promise.all(times(200, (index) => ask(members[index % members.length])));
    expect(statuses(answers)).toEqual({ 202: 2, 429: 198 });
  });

  test('200 parallel GETs of one file at a quota of its bytes pass exactly once', async () => {
    const { get, assetId, original, limitUser, me, app, db } = await setup();
    await limitUser({ bytes: 1_000 });
    const answers = await Promise.all(times(200, () => get(`/assets/${assetId}/renditions/${original.id}/content`)));
    expect(statuses(answers)).toEqual({ 200: 1, 429: 199 });
    const refused = answers.find(({ statusCode }) => statusCode === 429)!;
    for (const header of ['etag', 'repr-digest', 'content-disposition'])
      expect(refused.headers).not.toHaveProperty(header);
    await app.accessRecorder.settled();
    expect(await db.orm.$count(accesses)).toBe(1);
    expect(await me()).toMatchObject([{ used: { bytes: 1_000 } }]);
  });

  test('parallel ranges of one file count by their own lengths, also against what a group shares', async () => {
    const { get, assetId, original, limitGroup, users } = await setup();
    await limitGroup({ bytes: 350 }, [users.requester, users.other]);
    const url = `/assets/${assetId}/renditions/${original.id}/content`;
    const asking = [users.requester, users.other];
    const answers = await Promise.all(
      times(40, (index) => get(url, asking[index % 2], { range: `bytes=${index * 10}-${index * 10 + 99}` })),
    );
    expect(statuses(answers)).toEqual({ 206: 3, 429: 37 });
  });

  test('the same request sent again and again with one key takes the quota once', async () => {
    const { users, post, assetId, limitAll } = await setup();
    await limitAll({ concurrentDownloads: 1 });
    const body = { assetIds: [assetId], renditions: 'static' };
    const ask = () => post('/downloads', body, users.requester, { 'idempotency-key': 'once' });
    const answers = await Promise.all(times(20, ask));
    expect(statuses(answers)).toEqual({ 202: 20 });
    expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
  });
});

describe('a refusal', () => {
  test('says which limit, whose, what is left and when to try again, and writes nothing', async () => {
    const { post, users, addAsset, addLicence, limitAll, db } = await setup();
    const licence = await addLicence();
    const asset = await addAsset({ licenceId: licence.licenceId, renditions: ['web'] });
    await limitAll({ bytes: 1_200, periodHours: 48 });
    const body = { assetIds: [asset.assetId], renditions: 'originals-and-static', acceptLicences: [licence] };
    const waiting = await db.orm.$count(outbox);
    const answer = await post('/downloads', body, users.requester);
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, String(48 * hour)]);
    expect(answer.json()).toMatchObject({
      code: 'quota.exceeded',
      quota: 'bytes',
      subject: { kind: 'user', name: 'requester' },
      limit: 1_200,
      used: 0,
      asked: 1_500,
      left: 1_200,
      retryAfter: 48 * hour,
    });
    for (const table of [downloads, downloadItems, acceptances]) expect(await db.orm.$count(table)).toBe(0);
    expect(await db.orm.$count(outbox)).toBe(waiting);
  });

  test('by bytes lasts until enough of what was asked for is older than the period', async () => {
    const { ask, limitUser, clock, size } = await setup();
    await limitUser({ bytes: 2 * size, periodHours: 24 });
    expect((await ask()).statusCode).toBe(202);
    clock.advance(10 * hour * 1_000);
    expect((await ask()).statusCode).toBe(202);
    clock.advance(4 * hour * 1_000);
    const refused = await ask();
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, String(10 * hour)]);
    clock.advance(10 * hour * 1_000 - 1_000);
    expect((await ask()).statusCode).toBe(429);
    clock.advance(1_000);
    expect((await ask()).statusCode).toBe(202);
  });

  test('by concurrent downloads ends when one of them is ready', async () => {
    const { ask, limitUser, publish } = await setup();
    await limitUser({ concurrentDownloads: 1 });
    const { id } = (await ask()).json();
    const refused = await ask();
    expect([refused.statusCode, refused.json().quota, refused.json().left]).toEqual([429, 'concurrentDownloads', 0]);
    expect(Number(refused.headers['retry-after'])).toBeLessThan(60);
    await publish(id);
    expect((await ask()).statusCode).toBe(202);
  });

  test('by assets counts those that are included, and gives the period to wait', async () => {
    const { post, addAsset, limitUser } = await setup();
    const assetIds = [(await addAsset()).assetId, (await addAsset()).assetId, (await addAsset()).assetId];
    await limitUser({ assetsPerDownload: 2, periodHours: 1 });
    const refused = await post('/downloads', { assetIds });
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, String(hour)]);
    expect(refused.json()).toMatchObject({ quota: 'assetsPerDownload', limit: 2, asked: 3, left: 2 });
    expect((await post('/downloads', { assetIds: assetIds.slice(1) })).statusCode).toBe(202);
  });

  test('names the limit that takes longest to give way', async () => {
    const { ask, limitUser, limitGroup, users } = await setup();
    await limitGroup({ bytes: 10, periodHours: 100 }, [users.requester], 'Slow');
    await limitUser({ concurrentDownloads: 0, periodHours: 24 });
    expect((await ask()).json()).toMatchObject({ quota: 'bytes', subject: { kind: 'group', name: 'Slow' } });
  });
});

describe('whose quota', () => {
  test("a user's own stands in place of the one for everyone, also one without limits", async () => {
    const { ask, limitAll, limitUser, users } = await setup();
    await limitAll({ concurrentDownloads: 0 });
    expect((await ask()).statusCode).toBe(429);
    await limitUser({});
    expect((await ask()).statusCode).toBe(202);
    expect((await ask(users.other)).statusCode).toBe(429);
    await limitUser(null);
    expect((await ask()).statusCode).toBe(429);
  });

  test("what one member takes is gone for the group's others, and for nobody else", async () => {
    const { ask, limitGroup, users, size } = await setup();
    await limitGroup({ bytes: size }, [users.requester, users.other]);
    expect((await ask(users.other)).statusCode).toBe(202);
    const refused = await ask(users.requester);
    expect(refused.json()).toMatchObject({ code: 'quota.exceeded', subject: { kind: 'group', name: 'Agency' } });
    expect((await ask(users.contributor)).statusCode).toBe(202);
  });

  test('a quota of nothing allows nothing; one lowered below what is used refuses and takes nothing back', async () => {
    const { ask, get, limitUser, me, size } = await setup();
    await limitUser({ bytes: 2 * size });
    const { id } = (await ask()).json();
    await limitUser({ bytes: 1 });
    expect((await ask()).json()).toMatchObject({ limit: 1, used: size, left: 0 });
    expect(await me()).toMatchObject([{ used: { bytes: size }, left: { bytes: 0 } }]);
    expect((await get(`/downloads/${id}`)).json().state).toBe('requested');
    await limitUser({ bytes: 0 });
    expect((await ask()).statusCode).toBe(429);
  });

  test('a group whose quota is taken away limits nobody', async () => {
    const { ask, limitGroup, users, db, clock } = await setup();
    const group = await limitGroup({ concurrentDownloads: 0 }, [users.requester]);
    expect((await ask()).statusCode).toBe(429);
    await db.transaction((tx) => updateGroup(tx, group, { quota: null }, clock()));
    expect((await ask()).statusCode).toBe(202);
  });
});

describe('what counts', () => {
  test('not what failed or was cancelled; what is ready, expired or revoked does', async () => {
    const { ask, post, publish, limitUser, me, size } = await setup();
    await limitUser({ bytes: 10 * size, concurrentDownloads: 5 });
    const cancelled = (await ask()).json().id;
    await post(`/downloads/${cancelled}/cancel`, undefined);
    expect(await me()).toMatchObject([{ used: { bytes: 0, concurrentDownloads: 0 } }]);
    const revoked = (await ask()).json().id;
    expect(await me()).toMatchObject([{ used: { bytes: size, concurrentDownloads: 1 } }]);
    await publish(revoked);
    await post(`/downloads/${revoked}/revoke`, undefined);
    expect(await me()).toMatchObject([{ used: { bytes: size, concurrentDownloads: 0 } }]);
  });

  test('a retry takes quota like a request, and is charged for its own time', async () => {
    const { ask, post, limitUser, me, clock, size } = await setup();
    const { id } = (await ask()).json();
    await post(`/downloads/${id}/cancel`, undefined);
    await limitUser({ concurrentDownloads: 0 });
    const refused = await post(`/downloads/${id}/retry`, undefined);
    expect([refused.statusCode, refused.json().code]).toEqual([429, 'quota.exceeded']);
    await limitUser({ bytes: size, periodHours: 1 });
    clock.advance(5 * hour * 1_000);
    expect((await post(`/downloads/${id}/retry`, undefined)).statusCode).toBe(202);
    expect(await me()).toMatchObject([{ used: { bytes: size } }]);
    expect((await ask()).statusCode).toBe(429);
  });

  test('files that are sent as they are, by the bytes sent; not thumbnails, nor HEAD', async () => {
    const { get, app, users, assetId, original, renditions, limitUser, me, db } = await setup();
    await limitUser({ bytes: 1_600 });
    const url = (id: string) => `/assets/${assetId}/renditions/${id}/content`;
    const [web, thumbnail] = renditions;
    const recorded = async (count: number) => vi.waitFor(async () => expect(await db.orm.$count(accesses)).toBe(count));

    expect((await get(url(original.id))).statusCode).toBe(200);
    await recorded(1);
    expect(await me()).toMatchObject([{ used: { bytes: 1_000 }, left: { bytes: 600 } }]);
    const refused = await get(url(original.id));
    expect([refused.statusCode, refused.json()]).toMatchObject([429, { quota: 'bytes', asked: 1_000, left: 600 }]);
    const part = await get(url(original.id), users.requester, { range: 'bytes=0-99' });
    expect(part.statusCode).toBe(206);
    await recorded(2);
    expect((await get(url(web!.id))).statusCode).toBe(200);
    await recorded(3);
    expect((await get(url(web!.id))).statusCode).toBe(429);
    const { statusCode } = await app.inject({
      method: 'HEAD',
      url: `/api/v1${url(original.id)}`,
      headers: users.requester.headers,
    });
    expect(statusCode).toBe(200);
    expect((await get(url(thumbnail!.id))).statusCode).toBe(200);
    await recorded(4);
    expect(await me()).toMatchObject([{ used: { bytes: 1_600 }, left: { bytes: 0 } }]);
  });

  test('a file whose end could not be recorded stays charged with all that was promised', async () => {
    const { get, assetId, original, limitUser, me, db, app } = await setup();
    await limitUser({ bytes: 1_500 });
    const transaction = vi.spyOn(db, 'transaction').mockRejectedValue(new Error('gone'));
    const url = `/assets/${assetId}/renditions/${original.id}/content`;
    expect((await get(url, undefined, { range: 'bytes=0-899' })).statusCode).toBe(206);
    await app.accessRecorder.settled();
    transaction.mockRestore();
    expect(await me()).toMatchObject([{ used: { bytes: 900 } }]);
    expect((await get(url)).statusCode).toBe(429);
  });

  test('a file that turns out not to be readable gives its bytes back', async () => {
    const { get, assetId, original, limitUser, me, storage } = await setup();
    await limitUser({ bytes: 1_000 });
    const read = vi.spyOn(storage.blobs, 'read').mockRejectedValueOnce(new Error('unreadable'));
    expect((await get(`/assets/${assetId}/renditions/${original.id}/content`)).statusCode).toBe(500);
    expect(read).toHaveBeenCalledOnce();
    await vi.waitFor(async () => expect(await me()).toMatchObject([{ used: { bytes: 0 } }]));
  });

  test('a request for a single original is refused when its bytes are too many, and takes no place among downloads', async () => {
    const { post, assetId, limitUser, me } = await setup();
    await limitUser({ bytes: 1_000, concurrentDownloads: 0 });
    expect((await post('/downloads', { assetIds: [assetId] })).statusCode).toBe(200);
    expect(await me()).toMatchObject([{ used: { bytes: 0, concurrentDownloads: 0 } }]);
    await limitUser({ bytes: 999 });
    expect((await post('/downloads', { assetIds: [assetId] })).statusCode).toBe(429);
  });
});

describe('what callers are told beforehand', () => {
  test('GET /me has every quota that limits them, and none where there is none', async () => {
    const { ask, limitAll, limitGroup, me, users, size } = await setup();
    expect(await me()).toEqual([]);
    await limitAll({ bytes: 10 * size, assetsPerDownload: 7 });
    await limitGroup({ concurrentDownloads: 4 }, [users.requester, users.other]);
    await ask(users.other);
    await ask();
    const nothing = { bytes: null, concurrentDownloads: null, assetsPerDownload: null };
    expect(await me()).toEqual([
      {
        subject: { kind: 'user', id: users.requester.id, name: 'requester' },
        limits: { ...noQuota, bytes: 10 * size, assetsPerDownload: 7 },
        used: { bytes: size, concurrentDownloads: 1 },
        left: { ...nothing, bytes: 9 * size, assetsPerDownload: 7 },
      },
      {
        subject: { kind: 'group', id: expect.any(String), name: 'Agency' },
        limits: { ...noQuota, concurrentDownloads: 4 },
        used: { bytes: 2 * size, concurrentDownloads: 2 },
        left: { ...nothing, concurrentDownloads: 2 },
      },
    ]);
  });

  test('preflight shows what would be left and warns, without changing its verdict or taking anything', async () => {
    const { post, assetId, limitUser, me, size } = await setup();
    const preflight = async () =>
      (await post('/downloads/preflight', { assetIds: [assetId], renditions: 'originals-and-static' })).json();
    expect(await preflight()).toMatchObject({ verdict: 'allowed', quota: [], quotaExceeded: null });
    await limitUser({ bytes: size + 5, concurrentDownloads: 2 });
    expect(await preflight()).toMatchObject({
      verdict: 'allowed',
      quota: [{ left: { bytes: 5, concurrentDownloads: 1 } }],
      quotaExceeded: null,
    });
    expect(await me()).toMatchObject([{ left: { bytes: size + 5, concurrentDownloads: 2 } }]);
    await limitUser({ bytes: size - 1 });
    expect(await preflight()).toMatchObject({
      verdict: 'allowed',
      quota: [{ left: { bytes: 0 } }],
      quotaExceeded: { quota: 'bytes', limit: size - 1, asked: size, left: size - 1 },
    });
  });
});
