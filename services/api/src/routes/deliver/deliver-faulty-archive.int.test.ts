import { randomBytes } from 'node:crypto';
import { noQuota } from '@sheaf/domain/quota';
import { expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const asset = await api.addAsset({ renditions: ['web'] });
  const downloadId = await api.request([asset.assetId]);
  const bytes = [randomBytes(1_000), randomBytes(2_000)] as const;
  const { token } = await api.publish(downloadId, [...bytes]);
  const adminGet = async (path: string) => (await api.get(path, api.users.auditor)).json();
  return {
    ...api,
    ...{ downloadId, bytes },
    ownGet: api.get,
    get: (part: number, headers = {}) => api.app.inject({ url: `/d/${token}/${part}`, headers }),
    setFault: (fault: 'missing' | 'corrupt' | null) =>
      api.db.orm.execute(
        `update bundle_parts set fault = ${fault === null ? null : `'${fault}'`}, fault_checked_at = now() where number = 1`,
      ),
    adminGet,
    faults: () => adminGet('/admin/storage/faults'),
  };
}

test.each(['corrupt', 'missing'] as const)(
  'an archive that was found %s is gone for everybody, and each range of it; its other parts are not',
  async (fault) => {
    const { get, setFault, bytes } = await setup();
    await setFault(fault);
    for (const headers of [{}, { range: 'bytes=0-9' }]) {
      const refused = await get(1, headers);
      expect([refused.statusCode, refused.json().code]).toEqual([410, 'blob.missing']);
      expect(refused.headers).not.toHaveProperty('etag');
    }
    expect((await get(2)).rawPayload.equals(bytes[1])).toBe(true);

    await setFault(null);
    expect((await get(1)).rawPayload.equals(bytes[0])).toBe(true);
  },
);

test('administrators are told which archives those are, on the first page, while their downloads are ready', async () => {
  const api = await setup();
  expect(await api.faults()).toEqual({ items: [], nextCursor: null, archives: [] });
  await api.setFault('corrupt');

  expect(await api.faults()).toEqual({
    items: [],
    nextCursor: null,
    archives: [
      {
        ...{ downloadId: api.downloadId, number: 1, size: 1_000, fault: 'corrupt' },
        ...{ name: expect.any(String), requester: expect.any(String), checkedAt: expect.any(String) },
      },
    ],
  });
  const { care } = await api.adminGet('/admin/storage');
  expect(care).toMatchObject({ corrupt: 1, missing: 0 });
  expect((await api.app.inject('/metrics')).body).toMatch(/^sheaf_blobs_faulty\{fault="corrupt"\} 1$/m);

  await api.db.orm.execute("update downloads set state = 'expired'");
  expect((await api.faults()).archives).toEqual([]);
});

test.each(['corrupt', 'missing'] as const)(
  'whoever requested an archive that was found %s is told, and has it made again by a retry, which the refusal names',
  async (fault) => {
    const { get, setFault, downloadId, ...api } = await setup();
    const requested = `/downloads/${downloadId}`;
    const parts = async () => (await api.ownGet(requested)).json().bundle.parts;
    expect((await api.post(`${requested}/retry`, undefined)).json().code).toBe('download.state_conflict');
    expect(await parts()).toMatchObject([
      { url: expect.any(String), fault: null },
      { url: expect.any(String), fault: null },
    ]);
    await setFault(fault);
    expect(await parts()).toMatchObject([
      { url: null, fault },
      { url: expect.any(String), fault: null },
    ]);
    const { retry } = (await get(1)).json();
    expect(retry).toBe(`/api/v1${requested}/retry`);

    const again = await api.post(retry.replace('/api/v1', ''), undefined);

    expect(again.statusCode, again.body).toBe(202);
    expect(again.json()).toMatchObject({ id: downloadId, restOf: null, state: 'requested', bundle: null });
    expect((await get(2)).json().code).toBe('link.expired');
    const { token } = await api.publish(downloadId);
    expect((await api.app.inject({ url: `/d/${token}` })).statusCode).toBe(200);
    expect(await parts()).toMatchObject([{ fault: null }]);
  },
);

test('no quota is in the way of an archive that was found damaged', async () => {
  const { setFault, downloadId, ...api } = await setup();
  await api.switchVisibility({ quota: { ...noQuota, bytes: 1 } });
  await setFault('corrupt');
  const again = await api.post(`/downloads/${downloadId}/retry`, undefined);
  expect(again.statusCode, again.body).toBe(202);
});

test('an archive that is not there when somebody asks for it is verified next', async () => {
  const { get, db, storage } = await setup();
  const dueOf = async () => {
    const rows = await db.orm.execute<{ due: boolean; object_key: string }>(
      'select object_key, verify_at <= now() as due from bundle_parts order by number',
    );
    return [...rows];
  };
  const [first] = await dueOf();
  await storage.objects.remove(first!.object_key);
  expect((await get(2)).statusCode).toBe(200);
  expect((await dueOf()).map(({ due }) => due)).toEqual([false, false]);
  expect((await get(1)).json().code).toBe('blob.missing');
  expect((await dueOf()).map(({ due }) => due)).toEqual([true, false]);
});
