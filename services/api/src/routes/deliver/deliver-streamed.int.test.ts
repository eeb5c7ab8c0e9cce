import { randomBytes } from 'node:crypto';
import type { DownloadJson } from '@sheaf/contract/download';
import { expect, test } from 'vitest';
import { setupStreamed } from '../../../../../test/harness/publish-streamed.ts';
import { requestDownload } from '../../../../../test/harness/request-download.ts';
import { unzip } from '../../../../../test/harness/unzip.ts';
import { partsOf } from '../../file-delivery/sending-under-test.ts';

/** A streamed download of files small and large, and its archive as the worker would have packed it. */
async function setup(sizes = [10, 200_000, 3_000, 1]) {
  const api = await setupStreamed();
  const files = new Map(sizes.map((size, index) => [`${index}.jpg`, randomBytes(size)]));
  const assetIds: string[] = [];
  for (const [fileName, bytes] of files) assetIds.push((await api.addAsset({ fileName, bytes })).assetId);
  const download = await api.publishStreamed(await api.request(assetIds.toReversed()));
  const packed = await api.pack(download.downloadId);
  const url = `/d/${download.token}`;
  return {
    ...api,
    ...{ files, assetIds, download, packed, url },
    seam: download.parts[0]!.bundle.contentSize,
    get: (headers: Record<string, string> = {}) => api.fetch(url, headers),
  };
}

test('GET: all of it, byte for byte what packing would have written, with length and ETag and no digest', async () => {
  const { get, download, packed, files } = await setup();

  const { status, headers, body } = await get();

  expect(status).toBe(200);
  expect(body.equals(packed.bytes)).toBe(true);
  expect(headers).toMatchObject({
    'content-type': 'application/zip',
    'content-length': String(packed.bytes.length),
    'accept-ranges': 'bytes',
    etag: packed.etag,
    'content-disposition': expect.stringMatching(/^attachment; filename=".+\.zip"/),
  });
  expect(headers).not.toHaveProperty('repr-digest');
  expect(headers).not.toHaveProperty('transfer-encoding');
  expect(download.json.bundle).toMatchObject({
    delivery: 'streamed',
    size: packed.bytes.length,
    parts: [{ number: 1, size: packed.bytes.length, etag: packed.etag }],
  });
  const unzipped = await unzip(body);
  expect([...unzipped.keys()]).toEqual([...files.keys(), 'manifest.json', 'receipt.json', 'signature.json']);
  for (const [name, bytes] of files) expect(unzipped.get(name)!.equals(bytes), name).toBe(true);
});

test('HEAD, a tag that is known already and a range past the end read no stored file', async () => {
  const { app, url, packed, storage, get, download } = await setup();
  const damaged = { ...storage.blobs, read: () => Promise.reject(new Error('read')), path: () => null };
  Object.assign(storage.blobs, damaged);

  const head = await app.inject({ method: 'HEAD', url, headers: { range: 'bytes=0-0' } });
  const known = await get({ 'if-none-match': packed.etag });
  const past = await get({ range: `bytes=${packed.bytes.length}-` });

  expect([head.statusCode, head.body]).toEqual([200, '']);
  expect(head.headers).toMatchObject({ 'content-length': String(packed.bytes.length), etag: packed.etag });
  expect([known.status, known.headers.etag]).toEqual([304, packed.etag]);
  expect([past.status, past.headers['content-range']]).toEqual([416, `bytes */${download.parts[0]!.size}`]);
});

test('206: a range within a file, over several of them, over the seam to the tail, and in the tail', async () => {
  const { get, packed, seam, files } = await setup();
  const last = packed.bytes.length - 1;
  const inSecond = packed.bytes.indexOf(files.get('1.jpg')!) + 100_000;
  const ranges = [
    [0, 0],
    [inSecond, inSecond + 99],
    [40, inSecond],
    [5, seam - 1],
    [seam - 1, seam],
    [seam - 1_000, seam + 100],
    [seam, seam],
    [seam + 10, seam + 20],
    [last, last],
    [0, last],
  ] as const;
  for (const [start, end] of ranges) {
    const { status, headers, body } = await get({ range: `bytes=${start}-${end}`, 'if-range': packed.etag });
    expect(status).toBe(206);
    expect(headers).toMatchObject({
      'content-range': `bytes ${start}-${end}/${packed.bytes.length}`,
      'content-length': String(end - start + 1),
      etag: packed.etag,
    });
    expect(body.equals(packed.bytes.subarray(start, end + 1)), `${start}-${end}`).toBe(true);
  }
});

test('206: several ranges, of which one reaches over the seam; 200 with all of it for a tag of something else', async () => {
  const { get, packed, seam } = await setup();
  const range = `bytes=${seam - 5}-${seam + 4},0-9,-7,1000-1999`;

  const several = await get({ range, 'if-range': packed.etag });
  const all = await get({ range, 'if-range': '"another"' });

  const { bytes } = packed;
  const end = bytes.length;
  expect(several.status).toBe(206);
  expect(several.headers['content-length']).toBe(String(several.body.length));
  expect(partsOf(several)).toEqual([
    { range: `${seam - 5}-${seam + 4}/${end}`, bytes: bytes.subarray(seam - 5, seam + 5) },
    { range: `0-9/${end}`, bytes: bytes.subarray(0, 10) },
    { range: `${end - 7}-${end - 1}/${end}`, bytes: bytes.subarray(-7) },
    { range: `1000-1999/${end}`, bytes: bytes.subarray(1_000, 2_000) },
  ]);
  expect([all.status, all.body.equals(bytes)]).toEqual([200, true]);
});

test('a download that broke off at any boundary goes on from there to the same bytes', async () => {
  const { app, url, packed } = await setup([10, 5_000, 1, 300]);
  const { bytes, etag, starts } = packed;
  const whole = (await app.inject({ url })).rawPayload;
  expect(whole.equals(bytes)).toBe(true);
  const places = [...new Set(starts.flatMap((start) => [start - 1, start, start + 1]))].filter((at) => at > 0);
  expect(places.length).toBeGreaterThan(20);

  for (const at of places) {
    const before = await app.inject({ url, headers: { range: `bytes=0-${at - 1}` } });
    const after = await app.inject({ url, headers: { range: `bytes=${at}-`, 'if-range': etag } });
    expect([before.statusCode, after.statusCode]).toEqual([206, 206]);
    expect(Buffer.concat([before.rawPayload, after.rawPayload]).equals(bytes), String(at)).toBe(true);
  }
});

test('an archive of several pages is the same from any place in any of them', async () => {
  const { get, packed, seam, db } = await setup(Array.from({ length: 300 }, (_, index) => 1 + (index % 7)));
  const pages = await db.orm.execute<{ offset: string }>('select "offset" from bundle_pages order by number');
  expect(pages).toHaveLength(2);

  expect((await get()).body.equals(packed.bytes)).toBe(true);
  for (const { offset } of pages) {
    for (const start of [Math.max(0, Number(offset) - 1), Number(offset), Number(offset) + 1]) {
      const { body } = await get({ range: `bytes=${start}-${seam + 1}` });
      expect(body.equals(packed.bytes.subarray(start, seam + 2)), String(start)).toBe(true);
    }
  }
});

test('each part of a divided download has its own content, tail, length and tag, and says where an asset was too large', async () => {
  const api = await setupStreamed();
  const assetIds: string[] = [];
  for (const [n, size] of [40_000, 40_000, 80_000].entries()) {
    const { assetId } = await api.addAsset({ fileName: `${n}.jpg`, bytes: randomBytes(size) });
    assetIds.push(assetId);
  }
  const requested = await requestDownload(api.deps, api.users.requester, { assetIds, partSize: 60_000 });
  const { downloadId, token, parts } = await api.publishStreamed(requested);
  const { bundle }: DownloadJson = (await api.get(`/downloads/${downloadId}`)).json();
  expect(bundle?.parts.map(({ oversized }) => oversized)).toEqual([false, false, true]);
  const tags = new Set<string>();
  for (const { number, etag, size } of parts) {
    const packed = await api.pack(downloadId, number);
    const { status, headers, body } = await api.fetch(`/d/${token}/${number}`);
    expect([status, headers.etag, headers['content-length']]).toEqual([200, etag, String(size)]);
    expect(body.equals(packed.bytes)).toBe(true);
    expect([...(await unzip(body)).keys()][0]).toBe(`${number - 1}.jpg`);
    tags.add(etag);
  }
  expect(tags.size).toBe(3);
});
