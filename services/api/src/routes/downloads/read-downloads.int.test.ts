import { heartbeatDownload } from '@sheaf/db/downloads/heartbeat-download';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { assetId } = await api.addAsset({ title: 'Picture', renditions: ['web'] });
  return { ...api, assetId };
}

const unknownId = '01900000-0000-7000-8000-000000000000';

interface Listed {
  items: { id: string; name: string; state: string }[];
  nextCursor: string | null;
}

describe('GET /downloads/{id}', () => {
  test('shows a ready download with its bundle and the address of its archive', async () => {
    const api = await setup();
    const id = await api.request([api.assetId], { name: 'Spring' });
    const { token, parts } = await api.publish(id);

    const response = await api.get(`/downloads/${id}`);

    expect(response.statusCode, response.body).toBe(200);
    const now = api.clock();
    expect(response.json()).toEqual({
      id,
      name: 'Spring',
      version: expect.any(Number),
      state: 'ready',
      requester: { id: api.users.requester.id, name: 'requester', email: 'requester@example.com' },
      background: false,
      progress: {
        entriesDone: 2,
        entriesTotal: 2,
        bytesDone: 1_500,
        bytesTotal: 1_500,
        queuePosition: null,
        waitsForOwn: false,
        etaSeconds: null,
      },
      counts: { included: 1, excluded: 0 },
      bundle: {
        format: 'zip',
        delivery: 'packed',
        size: 2_000,
        linkId: expect.any(String),
        parts: [
          { number: 1, size: 2_000, oversized: false, etag: `"${parts[0]!.sha256}"`, url: `/d/${token}`, fault: null },
        ],
      },
      createdAt: now.toISOString(),
      readyAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + 168 * 3_600_000).toISOString(),
      cancelRequestedAt: null,
      error: null,
      quarantined: false,
      restOf: null,
    });
  });

  test('shows no address where it would be refused, nor to anybody but the requester', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    await api.publish(id);
    const shownTo = async (user = api.users.requester) => {
      const { linkId, parts } = (await api.get(`/downloads/${id}`, user)).json().bundle;
      return [linkId, parts[0].url];
    };

    expect(await shownTo()).toEqual([expect.any(String), expect.stringMatching(/^\/d\/[\w-]{43}$/)]);
    expect(await shownTo(api.users.administrator)).toEqual([null, null]);
    await api.post(`/downloads/${id}/revoke`, undefined);
    expect(await shownTo()).toEqual([null, null]);
  });

  test('tells the place in the queue, and how long packing still takes at the rate so far', async () => {
    const api = await setup();
    const first = await api.request([api.assetId], {}, api.users.other);
    const second = await api.request([api.assetId]);
    const progressOf = async (id: string) =>
      (await api.get(`/downloads/${id}`, api.users.administrator)).json().progress;

    expect([(await progressOf(first)).queuePosition, (await progressOf(second)).queuePosition]).toEqual([1, 2]);
    const { claim } = await api.pack(first);
    expect((await progressOf(second)).queuePosition).toBe(1);
    expect(await progressOf(first)).toMatchObject({ queuePosition: null, etaSeconds: null });

    await heartbeatDownload(api.db.orm, { ...claim, leaseSeconds: 60, entriesDone: 1, bytesDone: 500 });
    await api.db.orm.execute(
      `update downloads set step_started_at = now() - interval '10 seconds' where id = '${first}'`,
    );
    expect(await progressOf(first)).toMatchObject({
      entriesDone: 1,
      bytesDone: 500,
      bytesTotal: 1_500,
    });
    // Time goes on meanwhile.
    expect((await progressOf(first)).etaSeconds).toBeGreaterThanOrEqual(20);
    expect((await progressOf(first)).etaSeconds).toBeLessThan(30);
  });

  test('one whose time is over has expired, in the list of that state too, whether or not that was written down', async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    await api.publish(id);
    const listed = async (state: string) => (await api.get(`/downloads?state=${state}`)).json<Listed>().items.length;
    expect([await listed('ready'), await listed('expired')]).toEqual([1, 0]);
    api.clock.advance(169 * 3_600_000);
    expect([await listed('ready'), await listed('expired')]).toEqual([0, 1]);
    expect((await api.get(`/downloads/${id}`)).json().state).toBe('expired');
  });

  test("404 for somebody else's and for what does not exist; an administrator sees all", async () => {
    const api = await setup();
    const id = await api.request([api.assetId]);
    for (const path of [`/downloads/${id}`, `/downloads/${id}/items`]) {
      const response = await api.get(path, api.users.other);
      expect([response.statusCode, response.json().code]).toEqual([404, 'resource.not_found']);
      expect((await api.get(path, api.users.administrator)).statusCode).toBe(200);
    }
    expect((await api.get(`/downloads/${unknownId}`)).statusCode).toBe(404);
    expect((await api.get('/downloads/1')).statusCode).toBe(400);
  });
});

describe('GET /downloads', () => {
  test("pages through the caller's own, the newest first, each once", async () => {
    const api = await setup();
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push(await api.request([api.assetId], { name: `Download ${n}` }));
    await api.request([api.assetId], { name: 'Not mine' }, api.users.other);

    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Listed = (await api.get(`/downloads?limit=2${cursor && `&cursor=${cursor}`}`)).json();
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }

    expect(seen).toEqual(ids.toReversed());
  });

  test('finds by state and by part of the name, wildcards taken literally', async () => {
    const api = await setup();
    const spring = await api.request([api.assetId], { name: 'Spring 100%' });
    const summer = await api.request([api.assetId], { name: 'Summer 1000' });
    await api.post(`/downloads/${summer}/cancel`, undefined);
    const find = async (query: string) =>
      ((await api.get(`/downloads?${query}`)).json() as Listed).items.map(({ id }) => id);

    expect(await find('q=SPRING')).toEqual([spring]);
    expect(await find('q=100%25')).toEqual([spring]);
    expect(await find('q=100_')).toEqual([]);
    expect(await find('state=cancelled')).toEqual([summer]);
    expect(await find('state=ready')).toEqual([]);
  });

  test("shows administrators their own, one requester's or everybody's, as they ask; 403 for anybody else who does", async () => {
    const api = await setup();
    const mine = await api.request([api.assetId]);
    const theirs = await api.request([api.assetId], {}, api.users.other);
    const list = async (query: string, user = api.users.administrator) => {
      const response = await api.get(`/downloads${query}`, user);
      return response.statusCode === 200 ? (response.json() as Listed).items.map(({ id }) => id) : response.statusCode;
    };

    const own = await api.request([api.assetId], {}, api.users.administrator);

    expect(await list('')).toEqual([own]);
    expect(await list('?requester=all')).toEqual([own, theirs, mine]);
    expect(await list('?requester=all', api.users.requester)).toBe(403);
    expect(await list('?requester=everybody')).toBe(400);
    expect(await list(`?requester=${api.users.other.id}`)).toEqual([theirs]);
    expect(await list(`?requester=${api.users.requester.id}`, api.users.requester)).toEqual([mine]);
    expect(await list(`?requester=${api.users.other.id}`, api.users.requester)).toBe(403);
  });

  test('400 for a limit, a state, a cursor or a field that is none, 401 for nobody', async () => {
    const api = await setup();
    for (const query of ['limit=0', 'limit=201', 'state=done', 'cursor=x', 'sort=name', 'q=%00']) {
      expect((await api.get(`/downloads?${query}`)).statusCode, query).toBe(400);
    }
    expect((await api.app.inject({ url: '/api/v1/downloads' })).statusCode).toBe(401);
  });
});

describe('GET /downloads/{id}/items', () => {
  test('pages through the outcomes in the order of the request, all or of one kind', async () => {
    const api = await setup();
    const other = await api.addAsset({ title: 'Other' });
    const wanted = [other.assetId, unknownId, api.assetId];
    const id = await api.request(wanted, { unavailable: 'skip' });

    const first = (await api.get(`/downloads/${id}/items?limit=2`)).json();
    const rest = (await api.get(`/downloads/${id}/items?limit=2&cursor=${first.nextCursor}`)).json();
    const excluded = (await api.get(`/downloads/${id}/items?outcome=excluded`)).json();

    expect([...first.items, ...rest.items].map(({ assetId }) => assetId)).toEqual(wanted);
    expect(rest.nextCursor).toBeNull();
    expect(excluded.items).toEqual([
      { assetId: unknownId, title: '', outcome: 'excluded', reason: 'asset.not_found', entries: [], renamed: false },
    ]);
    for (const query of ['cursor=x', 'outcome=renamed']) {
      expect((await api.get(`/downloads/${id}/items?${query}`)).statusCode, query).toBe(400);
    }
  });
});
