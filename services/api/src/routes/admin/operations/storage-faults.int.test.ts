import { recordBlobFault } from '@sheaf/db/storage-care/record-blob-fault';
import { expect, test } from 'vitest';
import { setupStreamed } from '../../../../../../test/harness/publish-streamed.ts';

async function setup() {
  const api = await setupStreamed();
  const setAside = (sha256: string, fault: 'missing' | 'corrupt') =>
    api.db.transaction((tx) => recordBlobFault(tx, { sha256, fault, now: new Date() }));
  const list = (query = '', user = api.users.administrator) => api.get(`/admin/storage/faults${query}`, user);
  return { ...api, setAside, list };
}

test('names the assets and the ready downloads that a damaged file affects, and no others', async () => {
  const api = await setup();
  const hit = await api.addAsset({ title: 'Hit', fileName: 'hit.jpg' });
  const other = await api.addAsset({ title: 'Other', fileName: 'other.jpg' });
  const affected = await api.request([hit.assetId, other.assetId]);
  const unaffected = await api.request([other.assetId, (await api.addAsset({ fileName: 'third.jpg' })).assetId]);
  for (const id of [affected, unaffected]) await api.publishStreamed(id);
  const { sha256, size } = hit.original.blob;
  await api.setAside(sha256, 'corrupt');

  const { items, nextCursor } = (await api.list()).json();

  expect(nextCursor).toBeNull();
  expect(items).toEqual([
    {
      ...{ sha256, size, fault: 'corrupt', checkedAt: expect.any(String), verifiedAt: null },
      ...{ assetCount: 1, assets: [{ id: hit.assetId, title: 'Hit', kind: 'original', name: 'original' }] },
      licences: [],
      downloadCount: 1,
      downloads: [{ id: affected, name: expect.any(String), requester: expect.any(String) }],
    },
  ]);
  const storage = (await api.get('/admin/storage', api.users.administrator)).json();
  expect(storage.care).toMatchObject({ missing: 0, corrupt: 1, faultsFound: 1 });
  const overview = (await api.get('/admin/overview', api.users.administrator)).json();
  expect(overview.care).toMatchObject({ faultyFiles: 1, lastVerifiedAt: null, verifiedBytes: 0 });
  const metrics = await api.app.inject('/metrics');
  expect(metrics.body).toMatch(/^sheaf_blobs_faulty\{fault="corrupt"\} 1$/m);
  expect(metrics.body).toMatch(/^sheaf_blob_faults_found 1$/m);
});

test('is read in pages, by auditors too, and by nobody else; a cursor of another list is refused', async () => {
  const api = await setup();
  for (let index = 0; index < 3; index += 1) {
    const { original } = await api.addAsset({ fileName: `${index}.jpg` });
    await api.setAside(original.blob.sha256, 'missing');
  }
  const first = (await api.list('?limit=2')).json();
  const second = (await api.list(`?limit=2&cursor=${first.nextCursor}`)).json();
  const names = [...first.items, ...second.items].map(({ sha256 }: { sha256: string }) => sha256);
  expect(names).toEqual(names.toSorted());
  expect([new Set(names).size, second.nextCursor]).toEqual([3, null]);
  expect((await api.list('?cursor=abc')).statusCode).toBe(400);
  expect((await api.list('', api.users.requester)).statusCode).toBe(403);
});
