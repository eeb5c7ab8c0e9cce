import { randomBytes } from 'node:crypto';
import { appendFile, readFile, rename, truncate, unlink, writeFile } from 'node:fs/promises';
import { findBlobs } from '@sheaf/db/catalogue/find-blobs';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { accesses } from '@sheaf/db/schema/links';
import { expect, test, vi } from 'vitest';
import { setupStreamed } from '../../../../../test/harness/publish-streamed.ts';
import { unzip } from '../../../../../test/harness/unzip.ts';

/** A streamed download of three files, of which the second one will be damaged. */
async function setup({ size = 300_000 } = {}) {
  const api = await setupStreamed();
  const first = await api.addAsset({ fileName: '1.jpg', bytes: randomBytes(200_000) });
  const second = await api.addAsset({ title: 'Second', fileName: '2.jpg', bytes: randomBytes(size) });
  const third = await api.addAsset({ fileName: '3.jpg', bytes: randomBytes(100_000) });
  const downloadId = await api.request([first, second, third].map(({ assetId }) => assetId));
  const { token, parts } = await api.publishStreamed(downloadId);
  const packed = await api.pack(downloadId);
  const { sha256 } = second.original.blob;
  return {
    ...api,
    ...{ first, second, third, downloadId, packed, part: parts[0]!, sha256 },
    file: api.storage.blobs.path(sha256)!,
    begin: packed.bytes.indexOf(second.original.bytes),
    get: (headers: Record<string, string> = {}) => api.fetch(`/d/${token}`, headers),
    fault: async () => (await findBlobs(api.db.orm, [sha256]))[0]!.fault,
  };
}

const damages: { what: string; fault: 'missing' | 'corrupt'; damage(file: string): Promise<unknown> }[] = [
  { what: 'is missing', fault: 'missing', damage: unlink },
  { what: 'is shorter than recorded', fault: 'corrupt', damage: (file) => truncate(file, 1_000) },
  { what: 'is empty', fault: 'corrupt', damage: (file) => truncate(file, 0) },
  { what: 'is longer than recorded', fault: 'corrupt', damage: (file) => appendFile(file, 'x') },
  { what: 'has another byte at its end', fault: 'corrupt', damage: (file) => flip(file, -1) },
  { what: 'has another byte at its begin', fault: 'corrupt', damage: (file) => flip(file, 0) },
];

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  await writeFile(file, bytes);
}

test.each(damages.flatMap((damage) => [300_000, 5_000].map((size) => ({ ...damage, size }))))(
  'a stored file of $size bytes that $what: the connection is cut before its last byte, and its loss is known from then on',
  async ({ damage, fault, size }) => {
    const api = await setup({ size });
    await damage(api.file);

    const cut = await api.get();

    expect([cut.status, cut.complete]).toEqual([200, false]);
    expect(cut.headers['content-length']).toBe(String(api.packed.bytes.length));
    const { body } = cut;
    expect(body.length).toBeLessThan(api.begin + size);
    if (fault === 'missing') expect(body.length).toBeLessThanOrEqual(api.begin);
    // Whatever came before the damaged file is what it should be.
    const right = Math.min(body.length, api.begin);
    expect(body.subarray(0, right).equals(api.packed.bytes.subarray(0, right))).toBe(true);
    await vi.waitFor(async () => expect(await api.fault()).toBe(fault));
    await api.app.accessRecorder.settled();
    const [access] = await api.db.orm.select().from(accesses);
    expect(access!.bytesSent).toBeLessThan(api.begin + size);

    const refused = await api.get();
    expect(refused.status).toBe(410);
    expect(JSON.parse(String(refused.body))).toMatchObject({
      code: 'download.assets_refused',
      counts: { refused: 1 },
      outcomes: [{ assetId: api.second.assetId, title: 'Second', outcome: 'excluded', reason: `blob.${fault}` }],
      retry: `/api/v1/downloads/${api.downloadId}/retry`,
    });
  },
);

test('what was lost is left out of the download that a retry gives, which has the rest', async () => {
  const api = await setup();
  await unlink(api.file);
  await api.get();
  await vi.waitFor(async () => expect(await api.fault()).toBe('missing'));

  const retried = await api.post(`/downloads/${api.downloadId}/retry`, undefined);

  expect(retried.statusCode, retried.body).toBe(202);
  expect(retried.json()).toMatchObject({ restOf: api.downloadId, counts: { included: 2, excluded: 1 } });
  const rest = await api.publishStreamed(retried.json().id);
  const files = await unzip((await api.fetch(`/d/${rest.token}`)).body);
  expect([...files.keys()].slice(0, 3)).toEqual(['1.jpg', '3.jpg', 'manifest.json']);
  expect(JSON.parse(String(files.get('manifest.json'))).outcomes[1]).toMatchObject({ reason: 'blob.missing' });
  expect((await api.get()).status).toBe(410);
});

test('a file that is whole again is sent again, by the same link and with the same tag', async () => {
  const api = await setup();
  await rename(api.file, `${api.file}.away`);
  expect((await api.get()).complete).toBe(false);
  await vi.waitFor(async () => expect(await api.fault()).toBe('missing'));
  expect((await api.get()).status).toBe(410);

  await rename(`${api.file}.away`, api.file);
  await markBlobFault(api.db.orm, api.sha256, null);

  const { status, headers, body } = await api.get();
  expect([status, headers.etag]).toEqual([200, api.packed.etag]);
  expect(body.equals(api.packed.bytes)).toBe(true);
});

test('a range of a file that has another length is no piece of something else; ranges beside it are sent', async () => {
  const api = await setup();
  await appendFile(api.file, 'x');

  const beside = await api.get({ range: `bytes=0-${api.begin - 1}` });
  const tail = await api.get({ range: `bytes=${api.part.bundle.contentSize}-` });
  expect([beside.status, beside.complete, tail.status, tail.complete]).toEqual([206, true, 206, true]);
  expect(await api.fault()).toBe(null);

  const within = await api.get({ range: `bytes=${api.begin + 10}-${api.begin + 20}` });
  expect([within.status, JSON.parse(String(within.body)).code]).toEqual([500, 'blob.corrupt']);
  await vi.waitFor(async () => expect(await api.fault()).toBe('corrupt'));
});

test('a file that is missing at the place where the answer begins is told before any header', async () => {
  const api = await setup();
  await unlink(api.storage.blobs.path(api.first.original.blob.sha256)!);
  const { status, headers, body } = await api.get();
  expect([status, JSON.parse(String(body)).code]).toEqual([410, 'blob.missing']);
  expect(headers).not.toHaveProperty('etag');
  expect(headers).not.toHaveProperty('content-disposition');
});

test('storage that is away is no fault of its files: nothing is recorded, and the link works when it is back', async () => {
  const api = await setup();
  await rename(`${api.storageFolder}/blobs`, `${api.storageFolder}/away`);
  const { status, body } = await api.get();
  expect([status, JSON.parse(String(body)).code]).toEqual([503, 'storage.unavailable']);
  await rename(`${api.storageFolder}/away`, `${api.storageFolder}/blobs`);
  expect((await api.get()).body.equals(api.packed.bytes)).toBe(true);
});

test('a tail that is gone or cut short, or a bundle that is, is told before any header', async () => {
  const api = await setup();
  const tail = api.storage.objects.path(api.part.objectKey)!;
  const codeOf = async () => {
    const { status, headers, body } = await api.get();
    expect(headers).not.toHaveProperty('etag');
    return [status, JSON.parse(String(body)).code];
  };
  const bytes = await readFile(tail);
  await truncate(tail, bytes.length - 1);
  expect(await codeOf()).toEqual([500, 'blob.corrupt']);
  await unlink(tail);
  expect(await codeOf()).toEqual([410, 'blob.missing']);
  await writeFile(tail, bytes);
  expect((await api.get()).complete).toBe(true);

  await api.db.orm.execute('delete from bundle_pages');
  expect(await codeOf()).toEqual([410, 'blob.missing']);
  await api.db.orm.execute('update bundle_parts set bundle_id = null');
  expect(await codeOf()).toEqual([410, 'blob.missing']);
});
