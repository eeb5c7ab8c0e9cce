import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestUser } from '../../../../../test/harness/api.ts';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

const day = 86_400_000;
const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const get = (url: string, user: TestUser = api.users.requester) =>
    api.app.inject({ url: `/api/v1${url}`, headers: user.headers });
  const titles = async (query: string, user?: TestUser) => {
    const answer = await get(`/assets${query}`, user);
    expect(answer.statusCode).toBe(200);
    return answer.json().items.map((item: { title: string }) => item.title);
  };
  const change = (method: 'PATCH' | 'DELETE', id: string, payload?: object, user: TestUser = api.users.administrator) =>
    api.app.inject({ method, url: `/api/v1/assets/${id}`, headers: user.headers, ...(payload && { payload }) });
  return { ...api, get, titles, change };
}

describe('an id in capitals', () => {
  test('names the same asset, and the same licence', async () => {
    const { addAsset, addLicence, get, change } = await setup();
    const { licenceId } = await addLicence();
    const { assetId } = await addAsset({ title: 'before' });
    expect((await get(`/assets/${assetId.toUpperCase()}`)).json()).toMatchObject({ id: assetId, title: 'before' });
    const changes = { title: 'after', licenceId: licenceId.toUpperCase() };
    const changed = await change('PATCH', assetId.toUpperCase(), changes);
    expect([changed.statusCode, changed.json().id, changed.json().title]).toEqual([200, assetId, 'after']);
    expect(JSON.stringify(changed.json())).toContain(licenceId);
  });
});

describe('GET /assets', () => {
  test('rule 1: requesters see approved assets only, administrators see all and may ask for a status', async () => {
    const { addAsset, titles, get, users } = await setup();
    await addAsset({ title: 'approved' });
    await addAsset({ title: 'draft', status: 'draft' });
    expect(await titles('')).toEqual(['approved']);
    expect(await titles('', users.contributor)).toEqual(['approved']);
    expect(await titles('', users.administrator)).toEqual(['draft', 'approved']);
    expect(await titles('?status=draft', users.administrator)).toEqual(['draft']);
    const refused = await get('/assets?status=draft');
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'auth.forbidden']);
  });

  test('rule 8: expired assets are hidden until the switch makes them visible', async () => {
    const { addAsset, titles, clock, switchVisibility } = await setup();
    await addAsset({ title: 'over', expiresAt: new Date(clock().getTime() - day) });
    expect(await titles('')).toEqual([]);
    await switchVisibility({ expiredVisible: true });
    expect(await titles('')).toEqual(['over']);
  });

  test('rule 8: assets that expire within 15 days are marked with the days left', async () => {
    const { addAsset, get, titles, clock } = await setup();
    await addAsset({ title: 'in 15', expiresAt: new Date(clock().getTime() + 15 * day) });
    await addAsset({ title: 'in 16', expiresAt: new Date(clock().getTime() + 16 * day) });
    const items = (await get('/assets')).json().items;
    expect(items.map((item: { expiringInDays: number | null }) => item.expiringInDays)).toEqual([null, 15]);
    expect(await titles('?expiring=true')).toEqual(['in 15']);
  });

  test('filters by text, type and licence', async () => {
    const { addAsset, addLicence, titles } = await setup();
    const { licenceId } = await addLicence();
    await addAsset({ title: 'Harbour at dawn', mediaType: 'image/png', licenceId });
    await addAsset({ title: '100% wool', mediaType: 'video/mp4' });
    expect(await titles('?q=DAWN')).toEqual(['Harbour at dawn']);
    expect(await titles('?q=100%25')).toEqual(['100% wool']);
    expect(await titles('?type=video')).toEqual(['100% wool']);
    expect(await titles('?type=image/png')).toEqual(['Harbour at dawn']);
    expect(await titles(`?licenceId=${licenceId}`)).toEqual(['Harbour at dawn']);
  });

  test('shows the assets that are asked for by id, as far as the caller may see them', async () => {
    const { addAsset, titles, get } = await setup();
    const [first, , third] = [
      await addAsset({ title: '1' }),
      await addAsset({ title: '2' }),
      await addAsset({ title: '3' }),
    ];
    const draft = await addAsset({ title: 'draft', status: 'draft' });
    const ids = [third.assetId, first.assetId.toUpperCase(), draft.assetId, unknownId];
    expect(await titles(`?ids=${ids.join(',')}`)).toEqual(['3', '1']);
    for (const wrong of ['', 'x', `${first.assetId},`, Array(201).fill(unknownId).join(',')]) {
      expect((await get(`/assets?ids=${wrong}`)).statusCode).toBe(400);
    }
  });

  test('finds a folder and all below it, in whatever way it is written', async () => {
    const { addAsset, change, titles, get } = await setup();
    for (const [title, folder] of [
      ['root', ''],
      ['port', 'Ports/North'],
      ['other', 'Ports/Northern'],
    ] as const) {
      const { assetId } = await addAsset({ title });
      if (folder !== '') await change('PATCH', assetId, { folder });
    }
    expect(await titles('?folder=/Ports//North/')).toEqual(['port']);
    expect(await titles('?folder=Ports/')).toEqual(['other', 'port']);
    expect(await titles('?folder=/')).toEqual(['other', 'port', 'root']);
    expect((await get('/assets?folder=../x')).statusCode).toBe(400);
  });

  test('pages by key: every asset once, also when one is added meanwhile', async () => {
    const { addAsset, get } = await setup();
    for (let i = 0; i < 5; i++) await addAsset({ title: `asset ${i}` });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const answer = await get(`/assets?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...answer.json().items.map((item: { title: string }) => item.title));
      cursor = answer.json().nextCursor;
      await addAsset({ title: 'late' });
    } while (cursor);
    expect(seen).toEqual(['asset 4', 'asset 3', 'asset 2', 'asset 1', 'asset 0']);
  });
});

describe('GET /assets/facets and GET /assets/selection', () => {
  async function setupCatalogue() {
    const api = await setup();
    const { licenceId } = await api.addLicence();
    const add = async (asset: Parameters<typeof api.addAsset>[0], folder = '') => {
      const { assetId } = await api.addAsset(asset);
      if (folder !== '') await api.change('PATCH', assetId, { folder });
      return assetId;
    };
    const ids = [
      await add({ title: 'Harbour', licenceId }, 'Ports/North'),
      await add({ title: 'Harbour film', mediaType: 'video/mp4' }, 'Ports/South'),
      await add({ title: 'Alps', expiresAt: new Date(api.clock().getTime() + 3 * day) }, 'Mountains'),
      await add({ title: 'Root', mediaType: 'application/pdf' }),
    ];
    await add({ title: 'Draft', status: 'draft' }, 'Drafts');
    await add({ title: 'Over', expiresAt: new Date(api.clock().getTime() - day) }, 'Old');
    return { ...api, licenceId, ids };
  }

  test('count what the caller may see, by type, folder and licence', async () => {
    const { get, licenceId } = await setupCatalogue();
    const answer = await get('/assets/facets');
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        total: 4,
        expiring: 1,
        types: [
          { type: 'image', count: 2 },
          { type: 'application', count: 1 },
          { type: 'video', count: 1 },
        ],
        folders: [
          { folder: 'Mountains', count: 1 },
          { folder: 'Ports', count: 2 },
        ],
        licences: [
          { licenceId: null, title: null, count: 3 },
          { licenceId, title: 'Terms', count: 1 },
        ],
      },
    ]);
  });

  test('each facet heeds the other filters and not its own', async () => {
    const { get } = await setupCatalogue();
    const facets = (await get('/assets/facets?type=video&folder=Ports')).json();
    expect(facets).toMatchObject({ total: 1, expiring: 0, folders: [{ folder: 'Ports/South', count: 1 }] });
    expect(facets.types).toEqual([
      { type: 'image', count: 1 },
      { type: 'video', count: 1 },
    ]);
    expect(facets.licences).toEqual([{ licenceId: null, title: null, count: 1 }]);
  });

  test('rules 1 and 8: drafts and expired assets are neither counted nor selected, but for administrators', async () => {
    const { get, users } = await setupCatalogue();
    const all = (await get('/assets/facets', users.administrator)).json();
    expect(all.total).toBe(6);
    expect(all.folders.map(({ folder }: { folder: string }) => folder)).toEqual([
      'Drafts',
      'Mountains',
      'Old',
      'Ports',
    ]);
    expect((await get('/assets/selection', users.administrator)).json().total).toBe(6);
    expect((await get('/assets/selection')).json().total).toBe(4);
    for (const list of ['facets', 'selection']) {
      const refused = await get(`/assets/${list}?status=draft`);
      expect([refused.statusCode, refused.json().code]).toEqual([403, 'auth.forbidden']);
      expect((await get(`/assets/${list}?folder=../x`)).statusCode).toBe(400);
      expect((await get(`/assets/${list}?limit=5`)).statusCode).toBe(400);
    }
  });

  test('a selection has everything that the filter finds, newest first, with its size', async () => {
    const { get, ids } = await setupCatalogue();
    const answer = await get('/assets/selection');
    expect([answer.statusCode, answer.json()]).toEqual([200, { assetIds: ids.toReversed(), total: 4, size: 4_000 }]);
    expect((await get('/assets/selection?q=harbour&type=image')).json()).toEqual({
      assetIds: [ids[0]],
      total: 1,
      size: 1_000,
    });
    expect((await get('/assets/selection?q=nothing')).json()).toEqual({ assetIds: [], total: 0, size: 0 });
  });

  test('a selection ends where one download would, and says how many there are', async () => {
    const { get, ids, switchVisibility } = await setupCatalogue();
    await switchVisibility({ maxAssetsPerDownload: 2 });
    const selection = (await get('/assets/selection')).json();
    expect(selection).toEqual({ assetIds: [ids[3], ids[2]], total: 4, size: 2_000 });
  });

  test('rule 4: sizes of originals are for those who may have originals', async () => {
    const { get, switchVisibility } = await setupCatalogue();
    expect((await get('/assets?q=alps')).json().items[0]).toMatchObject({ size: 1_000, width: 10, height: 10 });
    await switchVisibility({ originalsDownloadable: false });
    expect((await get('/assets?q=alps')).json().items[0]).toMatchObject({ size: null, width: null });
    expect((await get('/assets/selection')).json().size).toBeNull();
  });
});

describe('GET /assets/{id}', () => {
  test('lists the renditions that the caller may see, with their sizes and hashes', async () => {
    const { addAsset, get } = await setup();
    const { assetId, original, renditions } = await addAsset({ renditions: ['thumbnail', 'web'] });
    const asset = (await get(`/assets/${assetId}`)).json();
    expect(asset.renditions).toMatchObject([
      { id: original.id, kind: 'original', size: 1_000, sha256: original.blob.sha256 },
      { id: renditions[0]?.id, kind: 'static', name: 'thumbnail', size: 500 },
      { id: renditions[1]?.id, kind: 'static', name: 'web', size: 500 },
    ]);
    expect(asset.thumbnailUrl).toBe(`/api/v1/assets/${assetId}/renditions/${renditions[0]?.id}/content`);
  });

  test('rule 4: what is switched off does not show', async () => {
    const { addAsset, get, switchVisibility } = await setup();
    const { assetId } = await addAsset({ renditions: ['thumbnail'] });
    const kinds = async () =>
      (await get(`/assets/${assetId}`)).json().renditions.map((rendition: { kind: string }) => rendition.kind);
    await switchVisibility({ originalsDownloadable: false });
    expect(await kinds()).toEqual(['static']);
    await switchVisibility({ renditionsAvailable: false });
    expect(await kinds()).toEqual([]);
  });

  test('what does not exist, is deleted or may not be seen is 404 alike', async () => {
    const { addAsset, get, change } = await setup();
    const draft = await addAsset({ status: 'draft' });
    const deleted = await addAsset();
    await change('DELETE', deleted.assetId);
    const answers = await Promise.all([unknownId, draft.assetId, deleted.assetId].map((id) => get(`/assets/${id}`)));
    for (const answer of answers) {
      const { requestId, ...problem } = answer.json();
      expect(problem).toMatchObject({ status: 404, code: 'resource.not_found', detail: 'There is no such asset.' });
    }
  });
});

test.each([
  '/blobs/{sha256}',
  '/api/v1/blobs/{sha256}',
  '/data/blobs/{sha256}',
  '/api/v1/assets/../../../data/blobs/{sha256}',
])('whoever knows the SHA-256 of a stored file finds it at no address of its own: %s', async (address) => {
  const { app, addAsset, users } = await setup();
  const { original } = await addAsset();
  for (const { headers } of [users.requester, users.administrator]) {
    const answer = await app.inject({ url: address.replace('{sha256}', original.blob.sha256), headers });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'resource.not_found']);
  }
});

describe('PATCH /assets/{id}', () => {
  test('an administrator edits, approves and expires', async () => {
    const { addAsset, addLicence, change, clock } = await setup();
    const { licenceId } = await addLicence();
    const { assetId } = await addAsset({ status: 'draft' });
    const expiresAt = new Date(clock().getTime() + day).toISOString();
    const changes = { title: 'New', folder: 'a/b', status: 'approved', licenceId, expiresAt };
    const answer = await change('PATCH', assetId, changes);
    expect([answer.statusCode, answer.json()]).toEqual([200, expect.objectContaining(changes)]);
    const back = await change('PATCH', assetId, { licenceId: null, expiresAt: null });
    expect(back.json()).toMatchObject({ title: 'New', licenceId: null, expiresAt: null });
  });

  test('nobody else may', async () => {
    const { addAsset, change, users } = await setup();
    const { assetId } = await addAsset();
    for (const user of [users.requester, users.contributor]) {
      expect((await change('PATCH', assetId, { title: 'x' }, user)).statusCode).toBe(403);
      expect((await change('DELETE', assetId, undefined, user)).statusCode).toBe(403);
    }
  });

  test.each([
    [{}],
    [{ status: 'published' }],
    [{ fileName: 'x' }],
    [{ folder: '..' }],
    [{ licenceId: unknownId }],
    [{ expiresAt: 'soon' }],
  ])('%j is refused', async (payload) => {
    const { addAsset, change } = await setup();
    const { assetId } = await addAsset();
    const answer = await change('PATCH', assetId, payload);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
  });

  test('an asset that is not there is 404, a place that is taken 409', async () => {
    const { addAsset, change } = await setup();
    expect((await change('PATCH', unknownId, { title: 'x' })).statusCode).toBe(404);
    const { assetId } = await addAsset({ fileName: 'a.jpg' });
    await change('PATCH', assetId, { folder: 'x' });
    const other = await addAsset({ fileName: 'a.jpg' });
    expect((await change('PATCH', other.assetId, { folder: 'x' })).statusCode).toBe(409);
  });
});

describe('DELETE /assets/{id}', () => {
  test('takes it out of the catalogue, once', async () => {
    const { addAsset, change, titles } = await setup();
    const { assetId } = await addAsset();
    expect((await change('DELETE', assetId)).statusCode).toBe(204);
    expect(await titles('')).toEqual([]);
    expect((await change('DELETE', assetId)).statusCode).toBe(404);
  });
});
