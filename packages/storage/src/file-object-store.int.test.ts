import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createFileStorage } from './file-storage.ts';
import type { ObjectStore } from './object-store.ts';

const key = 'bundles/0198c0de-0000-7000-8000-000000000001/1/1.zip';

async function setup() {
  const root = await mkdtemp(join(tmpdir(), 'sheaf-storage-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, 'objects'));
  return { root, temporary: join(root, 'temporary'), objects: createFileStorage(root).objects };
}

async function publish(objects: ObjectStore, objectKey: string, content: string | Buffer) {
  const writer = await objects.create(objectKey);
  await pipeline(Readable.from([content]), writer.stream);
  await writer.commit();
}

test('an object is seen by nobody before its commit, and by everybody after', async () => {
  const { temporary, objects } = await setup();
  const bytes = randomBytes(3_000_000);
  const writer = await objects.create(key);
  await pipeline(Readable.from([bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000)]), writer.stream);

  expect(await objects.stat(key)).toBeNull();
  await expect(objects.read(key)).rejects.toMatchObject({ code: 'resource.not_found' });
  expect((await readFile(writer.temporaryPath!)).equals(bytes)).toBe(true);

  await writer.commit();

  expect(await objects.stat(key)).toMatchObject({ size: 3_000_000, modifiedAt: expect.any(Date) });
  expect((await buffer(await objects.read(key))).equals(bytes)).toBe(true);
  expect((await readFile(objects.path(key)!)).equals(bytes)).toBe(true);
  expect(await text(await objects.read(key, { start: 5, end: 9 }))).toBe(bytes.subarray(5, 10).toString());
  expect(await readdir(temporary)).toEqual([]);
});

test('an object in a folder that is not there, as on a disk that is away, is not taken for one that is gone', async () => {
  const { root, objects } = await setup();
  await publish(objects, key, 'published');
  await rename(join(root, 'objects'), join(root, 'away'));

  const unavailable = { code: 'storage.unavailable', retryable: true };
  await expect(objects.stat(key)).rejects.toMatchObject(unavailable);
  await expect(objects.read(key)).rejects.toMatchObject(unavailable);
  await rename(join(root, 'away'), join(root, 'objects'));
  expect(await objects.stat(key)).toMatchObject({ size: 9 });
});

test('commit ends a stream that its writer has not ended', async () => {
  const { objects } = await setup();
  const writer = await objects.create(key);
  writer.stream.write('unfinished');

  await writer.commit();

  expect(await text(await objects.read(key))).toBe('unfinished');
});

test('thousands of tiny writes arrive in order', async () => {
  const { objects } = await setup();
  const words = Array.from({ length: 20_000 }, (_, index) => `${index} `);
  const writer = await objects.create(key);
  for (const word of words) writer.stream.write(word);

  await writer.commit();

  expect(await text(await objects.read(key))).toBe(words.join(''));
});

test('an aborted object leaves nothing, whenever it is aborted and however often', async () => {
  const { root, temporary, objects } = await setup();
  const untouched = await objects.create(key);
  const midway = await objects.create(key);
  midway.stream.write(randomBytes(5_000_000));
  const ended = await objects.create(key);
  await pipeline(Readable.from(['all']), ended.stream);
  expect(await readdir(temporary)).toHaveLength(3);

  for (const writer of [untouched, midway, ended]) {
    await writer.abort();
    await writer.abort();
  }

  expect(await readdir(temporary)).toEqual([]);
  expect((await readdir(root)).toSorted()).toEqual(['objects', 'temporary']);
});

test('abort after commit keeps the object', async () => {
  const { objects } = await setup();
  const writer = await objects.create(key);
  writer.stream.end('kept');
  await writer.commit();

  await writer.abort();

  expect(await text(await objects.read(key))).toBe('kept');
});

test('a stream that was destroyed cannot be committed', async () => {
  const { temporary, objects } = await setup();
  const writer = await objects.create(key);
  writer.stream.write('half');
  writer.stream.destroy(new Error('the packer failed'));

  await expect(writer.commit()).rejects.toMatchObject({ code: 'storage.unavailable' });
  await writer.abort();

  expect(await objects.stat(key)).toBeNull();
  expect(await readdir(temporary)).toEqual([]);
});

test('a commit replaces the object of the same key in one step', async () => {
  const { objects } = await setup();
  await publish(objects, key, 'first');
  const old = await objects.read(key);
  await publish(objects, key, 'second');

  expect(await text(await objects.read(key))).toBe('second');
  expect(await text(old)).toBe('first');
});

test('a removed object is gone with the folders it leaves empty; its neighbours stay', async () => {
  const { root, objects } = await setup();
  await publish(objects, 'bundles/a/1/1.zip', 'a');
  await publish(objects, 'bundles/b/1/1.zip', 'b');

  await objects.remove('bundles/a/1/1.zip');
  await objects.remove('bundles/a/1/1.zip');

  expect(await objects.stat('bundles/a/1/1.zip')).toBeNull();
  expect(await readdir(join(root, 'objects', 'bundles'))).toEqual(['b']);
  await publish(objects, 'bundles/a/1/1.zip', 'again');
  expect(await text(await objects.read('bundles/a/1/1.zip'))).toBe('again');
});

test('removing a folder removes every object below it and no other', async () => {
  const { objects } = await setup();
  for (const objectKey of ['bundles/a/1/1.zip', 'bundles/a/2/1.zip', 'bundles/ab/1/1.zip']) {
    await publish(objects, objectKey, objectKey);
  }

  await objects.removeFolder('bundles/a');
  await objects.removeFolder('bundles/a');

  expect(await objects.stat('bundles/a/1/1.zip')).toBeNull();
  expect(await objects.stat('bundles/a/2/1.zip')).toBeNull();
  expect(await text(await objects.read('bundles/ab/1/1.zip'))).toBe('bundles/ab/1/1.zip');
});

test.each([
  '',
  '/etc/passwd',
  '../outside.zip',
  'bundles/../../outside.zip',
  'bundles/./1.zip',
  'bundles//1.zip',
  'bundles/1.zip/',
  'bundles\\..\\1.zip',
  'C:/1.zip',
  'bundles/.hidden',
  'bundles/\u0000.zip',
  'bundles/\u202egpj.zip',
  'bundles/1.zip\n',
])('the key %j is refused by every call and creates nothing', async (hostile) => {
  const { root, objects } = await setup();
  const refused = { code: 'input.invalid' };

  await expect(objects.create(hostile)).rejects.toMatchObject(refused);
  await expect(objects.read(hostile)).rejects.toMatchObject(refused);
  await expect(objects.stat(hostile)).rejects.toMatchObject(refused);
  await expect(objects.remove(hostile)).rejects.toMatchObject(refused);
  await expect(objects.removeFolder(hostile)).rejects.toMatchObject(refused);
  expect(() => objects.path(hostile)).toThrow(expect.objectContaining(refused));
  expect(await readdir(root)).toEqual(['objects']);
});

test('a key of more than 512 characters is refused', async () => {
  const { objects } = await setup();

  await expect(objects.create(`${'a/'.repeat(256)}1`)).rejects.toMatchObject({ code: 'input.invalid' });
});

test('a key below an object, and a key that is a folder, are absent', async () => {
  const { objects } = await setup();
  await publish(objects, key, 'object');

  expect(await objects.stat(`${key}/below`)).toBeNull();
  await expect(objects.read(`${key}/below`)).rejects.toMatchObject({ code: 'resource.not_found' });
  expect(await objects.stat('bundles')).toBeNull();
  await expect(objects.read('bundles')).rejects.toMatchObject({ code: 'resource.not_found' });
});

test('the sweep removes only temporary files older than it is told', async () => {
  const { temporary, objects } = await setup();
  const writer = await objects.create(key);
  writer.stream.end('content');
  await publish(objects, 'bundles/other/1/1.zip', 'published');

  expect(await objects.sweepTemporary(new Date(Date.now() - 60_000))).toBe(0);
  await access(writer.temporaryPath!);
  expect(await objects.sweepTemporary(new Date(Date.now() + 60_000))).toBe(1);

  expect(await readdir(temporary)).toEqual([]);
  expect(await text(await objects.read('bundles/other/1/1.zip'))).toBe('published');
  await expect(writer.commit()).rejects.toMatchObject({ code: 'storage.unavailable' });
});

test('a sweep of a storage that was never written to finds nothing', async () => {
  const { objects } = await setup();

  expect(await objects.sweepTemporary(new Date())).toBe(0);
});

test('every published object is listed, and nothing that is still being written', async () => {
  const { objects } = await setup();
  expect(await Array.fromAsync(objects.list())).toEqual([]);
  const others = ['bundles/a/1/1.zip', 'bundles/a/2/1.tar.gz', 'top'];
  for (const other of others) await publish(objects, other, other);
  const writer = await objects.create(key);

  const listed = await Array.fromAsync(objects.list());

  expect(listed.map((object) => object.key).toSorted()).toEqual(others);
  expect(listed[0]!.modifiedAt).toBeInstanceOf(Date);
  await writer.abort();
});
