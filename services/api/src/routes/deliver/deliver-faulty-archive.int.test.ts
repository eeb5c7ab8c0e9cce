import { randomBytes } from 'node:crypto';
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
    const standing = async () => (await api.ownGet(`${requested}/standing`)).json();
    expect((await api.post(`${requested}/retry`, undefined)).json().code).toBe('download.state_conflict');
    expect(await standing()).toEqual({ stands: true, counts: { refused: 0 }, outcomes: [], faultyParts: 0 });
    await setFault(fault);
    expect(await standing()).toEqual({ stands: false, counts: { refused: 0 }, outcomes: [], faultyParts: 1 });
    const { retry } = (await get(1)).json();
    expect(retry).toBe(`/api/v1${requested}/retry`);

    const again = await api.post(retry.replace('/api/v1', ''), undefined);

    expect(again.statusCode, again.body).toBe(202);
    expect(again.json()).toMatchObject({ id: downloadId, restOf: null, state: 'requested', bundle: null });
    expect((await get(2)).json().code).toBe('link.expired');
    const { token } = await api.publish(downloadId);
    expect((await api.app.inject({ url: `/d/${token}` })).statusCode).toBe(200);
    expect(await standing()).toMatchObject({ stands: true });
  },
);
