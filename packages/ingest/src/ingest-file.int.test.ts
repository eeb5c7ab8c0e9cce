import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { listAssets } from '@sheaf/db/catalogue/list-assets';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { outbox } from '@sheaf/db/schema/jobs';
import { noise, pngBomb } from '@sheaf/imaging/testing/pictures';
import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { setupIngest } from './testing/ingest-setup.ts';

const everything = { filter: {}, visibility: { approvedOnly: false, hideExpiredAt: null }, limit: 50 };
const refused = (code: string) => expect.objectContaining({ code });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('a picture is added with its original, its renditions to be made and the job that makes them', async () => {
  const { db, ingest, assetOf, bytesOf } = await setupIngest();
  const jpeg = await noise(400, 300).jpeg().toBuffer();
  const { assetId, created, size } = await ingest('boats.jpg', jpeg, { folder: '/Harbour//North/' });

  expect({ created, size }).toEqual({ created: true, size: jpeg.length });
  const asset = await assetOf(assetId);
  expect(asset).toMatchObject({
    title: 'boats',
    folder: 'Harbour/North',
    fileName: 'boats.jpg',
    mediaType: 'image/jpeg',
  });
  expect(asset.renditions.map(({ kind, name, state, fileName }) => [kind, name, state, fileName])).toEqual([
    ['original', 'original', 'ready', 'boats.jpg'],
    ['static', 'thumbnail', 'pending', 'boats-thumbnail.jpg'],
    ['static', 'web', 'pending', 'boats-web.jpg'],
    ['static', 'zoom', 'pending', 'boats-zoom.jpg'],
  ]);
  const [original] = asset.renditions;
  expect(original).toMatchObject({ width: 400, height: 300, blob: { sha256: sha256(jpeg), size: jpeg.length } });
  expect(await bytesOf(sha256(jpeg))).toEqual(jpeg);
  const jobs = await db.orm.select({ job: outbox.job, jobId: outbox.jobId, payload: outbox.payload }).from(outbox);
  expect(jobs).toEqual([{ job: 'render', jobId: `render-${assetId}`, payload: { assetId } }]);
});

test('a file that is no picture keeps its original alone, and no job is asked for', async () => {
  const { db, ingest, assetOf } = await setupIngest();
  const { assetId } = await ingest('notes.txt', Buffer.from('notes'));
  const { mediaType, renditions } = await assetOf(assetId);
  expect(mediaType).toBe('text/plain');
  expect(renditions.map(({ kind, state }) => [kind, state])).toEqual([['original', 'ready']]);
  expect(await db.orm.select().from(outbox)).toEqual([]);
});

const cutJpeg = async () => {
  const jpeg = await noise(400, 300).jpeg().toBuffer();
  return jpeg.subarray(0, jpeg.length / 2);
};

test.each([
  ['a zero-byte file', 'empty.jpg', async () => Buffer.alloc(0), 'upload.empty'],
  ['a truncated JPEG', 'cut.jpg', cutJpeg, 'upload.unreadable'],
  ['a text file named .jpg', 'text.jpg', async () => Buffer.from('text'), 'upload.unreadable'],
  ['a picture of 30,000 x 30,000 pixels', 'bomb.png', async () => pngBomb(30_000), 'upload.unreadable'],
])('%s is refused and leaves nothing behind', async (_, fileName, makeBytes, code) => {
  const { db, ingest, storedBlobs } = await setupIngest();
  const bytes = await makeBytes();
  await expect(ingest(fileName, bytes)).rejects.toThrow(refused(code));
  expect((await listAssets(db.orm, everything)).items).toEqual([]);
  expect(await findBlob(db.orm, sha256(bytes))).toBeNull();
  expect(await storedBlobs()).toEqual([]);
});

test('a refused file does not take bytes away that another asset has', async () => {
  const { ingest, storedBlobs } = await setupIngest();
  const text = Buffer.from('text');
  const kept = await ingest('text.txt', text);
  await expect(ingest('text.jpg', text)).rejects.toThrow(refused('upload.unreadable'));
  expect(await storedBlobs()).toEqual([kept.sha256]);
});

test('a file over the limit is refused and leaves nothing behind', async () => {
  const { ingest, storedBlobs } = await setupIngest();
  await expect(ingest('notes.txt', Buffer.alloc(101, 'x'), { maxBytes: 100 })).rejects.toThrow(
    refused('upload.too_large'),
  );
  expect(await storedBlobs()).toEqual([]);
});

test('an unknown licence is refused and leaves nothing behind', async () => {
  const { ingest, storedBlobs } = await setupIngest();
  await expect(ingest('notes.txt', Buffer.from('x'), { licenceId: v7() })).rejects.toThrow(refused('input.invalid'));
  expect(await storedBlobs()).toEqual([]);
});

test('the same bytes at the same place are the same asset where that is wanted, else a conflict', async () => {
  const { ingest } = await setupIngest();
  const bytes = Buffer.from('x');
  const first = await ingest('notes.txt', bytes);
  expect(await ingest('notes.txt', bytes, { onExisting: 'skip' })).toEqual({ ...first, created: false });
  await expect(ingest('notes.txt', bytes, { onExisting: 'fail' })).rejects.toThrow(refused('resource.conflict'));
});

test('other bytes at the same place are a conflict, and are not kept', async () => {
  const { db, ingest, storedBlobs } = await setupIngest();
  const first = await ingest('notes.txt', Buffer.from('x'));
  const other = Buffer.from('y');
  await expect(ingest('notes.txt', other, { onExisting: 'skip' })).rejects.toThrow(refused('resource.conflict'));
  expect(await storedBlobs()).toEqual([first.sha256]);
  expect(await findBlob(db.orm, sha256(other))).toBeNull();
});

test('of many who add the same file at once, one adds it and the others find it', async () => {
  const { ingest, storedBlobs } = await setupIngest();
  const bytes = await noise(50, 50).jpeg().toBuffer();
  const all = await Promise.all(Array.from({ length: 8 }, () => ingest('a.jpg', bytes, { onExisting: 'skip' })));
  expect(all.filter(({ created }) => created)).toHaveLength(1);
  expect(new Set(all.map(({ assetId }) => assetId)).size).toBe(1);
  expect(await storedBlobs()).toEqual([sha256(bytes)]);
});

test('bytes that are refused under one name and taken under another at the same time stay', async () => {
  const { ingest, storedBlobs } = await setupIngest();
  for (let round = 0; round < 20; round += 1) {
    const bytes = Buffer.from(`round ${round}`);
    const names = [`${round}.txt`, `${round}.jpg`, `${round}.png`];
    const [taken, ...others] = await Promise.allSettled(names.map((name) => ingest(name, bytes)));
    expect(others.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const isThere = (await storedBlobs()).includes(sha256(bytes));
    // The loser of the race is told to try again; what it must not do is record bytes that are gone.
    if (taken?.status === 'fulfilled') expect(isThere).toBe(true);
    else expect(taken?.reason).toMatchObject({ code: 'blob.missing', retryable: true });
  }
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\CON', 'CON'],
  ['evil\u0000\u202Egpj.txt', 'evilgpj.txt'],
  ['😀'.repeat(75), '😀'.repeat(75)],
  ['x'.repeat(300), 'x'.repeat(300)],
  ["'; drop table assets; --.txt", "'; drop table assets; --.txt"],
])('the hostile name %j is kept as %j', async (fileName, expected) => {
  const { ingest, assetOf } = await setupIngest();
  const { assetId } = await ingest(fileName, Buffer.from('x'));
  expect(await assetOf(assetId)).toMatchObject({ fileName: expected, folder: '' });
});

test.each([
  ['..', ''],
  ['', ''],
  ['x'.repeat(501), ''],
  ['a.txt', '../elsewhere'],
])('the name %j in the folder %j is refused before anything is stored', async (fileName, folder) => {
  const { ingest, storedBlobs } = await setupIngest();
  await expect(ingest(fileName, Buffer.from('x'), { folder })).rejects.toThrow(refused('input.invalid'));
  expect(await storedBlobs()).toEqual([]);
});

test('a missing blob is there again once its bytes are added again', async () => {
  const { db, storage, ingest, assetOf } = await setupIngest();
  const bytes = Buffer.from('x');
  const lost = await ingest('a.txt', bytes);
  await storage.blobs.remove(lost.sha256);
  await markBlobFault(db.orm, lost.sha256, 'missing');
  await ingest('b.txt', bytes);
  expect((await assetOf(lost.assetId)).renditions[0]?.blob).toMatchObject({ fault: null });
});

test('a damaged blob is whole again once its bytes are added again', async () => {
  const { db, ingest, assetOf, bytesOf, blobPath } = await setupIngest();
  const bytes = Buffer.from('as it was');
  const damaged = await ingest('a.txt', bytes);
  await writeFile(blobPath(damaged.sha256), 'as it is!');
  await markBlobFault(db.orm, damaged.sha256, 'corrupt');
  await ingest('b.txt', bytes);
  expect((await assetOf(damaged.assetId)).renditions[0]?.blob).toMatchObject({ fault: null });
  expect(await bytesOf(damaged.sha256)).toEqual(bytes);
});

test('an aborted upload leaves nothing behind', async () => {
  const { ingest, storedBlobs } = await setupIngest();
  const controller = new AbortController();
  async function* endless() {
    yield Buffer.from('first');
    controller.abort(new Error('stopped'));
    yield Buffer.from('second');
  }
  const source = { stream: endless() };
  await expect(ingest('a.txt', Buffer.alloc(0), { source, signal: controller.signal })).rejects.toThrow('stopped');
  expect(await storedBlobs()).toEqual([]);
});
