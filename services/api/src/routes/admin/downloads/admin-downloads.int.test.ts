import type { AdminDownloadJson } from '@sheaf/contract/admin-download';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../../test/harness/downloads.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const list = (query = '', user = api.users.administrator) => api.get(`/admin/downloads${query}`, user);
  const names = async (query: string) => (await list(query)).json().items.map(({ name }: AdminDownloadJson) => name);
  return { ...api, list, names };
}

describe('GET /admin/downloads', () => {
  test("200: everybody's downloads, with who asked for what", async () => {
    const { list, addAsset, request, users, clock } = await setup();
    const { assetId } = await addAsset();
    const id = await request([assetId], { name: 'Spring' }, users.other);
    const response = await list();
    expect(response.statusCode, response.body).toBe(200);
    const { id: requesterId, name, email } = users.other;
    expect(response.json()).toEqual({
      items: [
        {
          id,
          name: 'Spring',
          state: 'requested',
          requester: { id: requesterId, name, email },
          counts: { included: 1, excluded: 0 },
          progress: { entriesDone: 0, entriesTotal: 1, bytesDone: 0, bytesTotal: 1_000 },
          delivery: null,
          error: null,
          failure: null,
          quarantined: false,
          cancelRequested: false,
          createdAt: clock().toISOString(),
          requestedAt: clock().toISOString(),
          readyAt: null,
          finishedAt: null,
          expiresAt: null,
        },
      ],
      nextCursor: null,
      searchedTo: null,
    });
  });

  test('200: filters by requester, asset, licence, state, time, size, delivery and name', async () => {
    const { names, addAsset, addLicence, request, publish, users, clock } = await setup();
    const { licenceId, sha256 } = await addLicence();
    const free = await addAsset();
    const licensed = await addAsset({ licenceId, bytes: Buffer.alloc(5_000) });
    await request([free.assetId], { name: 'Spring' });
    const before = clock().toISOString();
    clock.advance(60_000);
    const accepted = { acceptLicences: [{ licenceId, sha256 }] };
    const ready = await request([licensed.assetId], { name: 'Summer 100%', ...accepted }, users.other);
    await publish(ready);
    const minute = encodeURIComponent(new Date(clock().getTime() - 30_000).toISOString());

    expect(await names('')).toEqual(['Summer 100%', 'Spring']);
    expect(await names(`?requesterId=${users.other.id.toUpperCase()}`)).toEqual(['Summer 100%']);
    expect(await names('?requester=REQUESTER@')).toEqual(['Spring']);
    expect(await names(`?assetId=${free.assetId}`)).toEqual(['Spring']);
    expect(await names(`?licenceId=${licenceId}`)).toEqual(['Summer 100%']);
    expect(await names('?state=ready,failed')).toEqual(['Summer 100%']);
    expect(await names(`?createdFrom=${minute}`)).toEqual(['Summer 100%']);
    expect(await names(`?createdFrom=${encodeURIComponent(before)}&createdTo=${minute}`)).toEqual(['Spring']);
    expect(await names('?sizeMin=5000')).toEqual(['Summer 100%']);
    expect(await names('?sizeMax=4999')).toEqual(['Spring']);
    expect(await names('?delivery=packed')).toEqual(['Summer 100%']);
    expect(await names('?q=0%25')).toEqual(['Summer 100%']);
    expect(await names('?q=spr&state=queued&sizeMax=2000')).toEqual(['Spring']);
    expect(await names('?order=largest')).toEqual(['Summer 100%', 'Spring']);
    expect(await names('?order=waiting')).toEqual(['Spring']);
  });

  test('200: pages lead on from each other, in every order', async () => {
    const { list, addAsset, request } = await setup();
    const { assetId } = await addAsset();
    for (const name of ['A', 'B', 'C']) await request([assetId], { name });
    for (const order of ['newest', 'largest', 'waiting']) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = (await list(`?limit=2&order=${order}${cursor && `&cursor=${cursor}`}`)).json();
        seen.push(...page.items.map(({ name }: AdminDownloadJson) => name));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen.toSorted(), order).toEqual(['A', 'B', 'C']);
    }
  });

  test('400: what cannot be searched by, and a cursor of another order', async () => {
    const { list, addAsset, request } = await setup();
    const { assetId } = await addAsset();
    for (const name of ['A', 'B']) await request([assetId], { name });
    const { nextCursor } = (await list('?limit=1')).json();
    for (const query of [
      `?order=largest&cursor=${nextCursor}`,
      '?cursor=AAAA',
      '?state=ready,nowhere',
      '?requesterId=me',
      '?createdFrom=yesterday',
      '?sizeMin=9&sizeMax=8',
      '?sizeMin=-1',
      '?order=oldest',
      '?owner=x',
    ]) {
      expect((await list(query)).json(), query).toMatchObject({ status: 400, code: 'input.invalid' });
    }
  });

  test('401 and 403: administrators only', async () => {
    const { app, list, users } = await setup();
    expect((await app.inject({ url: '/api/v1/admin/downloads' })).statusCode).toBe(401);
    expect((await list('', users.requester)).statusCode).toBe(403);
    expect((await list('/count', users.contributor)).statusCode).toBe(403);
  });
});

describe('GET /admin/downloads/count', () => {
  test('200: how many a filter finds', async () => {
    const { list, addAsset, request } = await setup();
    const { assetId } = await addAsset();
    for (const name of ['A1', 'A2', 'B']) await request([assetId], { name });
    expect((await list('/count')).json()).toEqual({ count: 3, exact: true });
    expect((await list('/count?q=a')).json()).toEqual({ count: 2, exact: true });
    expect((await list('/count?state=failed')).json()).toEqual({ count: 0, exact: true });
    expect((await list('/count?limit=3')).statusCode).toBe(400);
  });
});
