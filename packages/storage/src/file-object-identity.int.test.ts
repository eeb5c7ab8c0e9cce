import { appendFile, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFileStorage } from './file-storage.ts';
import type { ObjectStore } from './object-store.ts';

const key = 'bundles/a/1/1.zip';

async function setup() {
  const root = await mkdtemp(join(tmpdir(), 'sheaf-storage-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return { temporary: join(root, 'temporary'), objects: createFileStorage(root).objects };
}

describe('an object with an identity', () => {
  const identity = 'c0ffee_-1';

  async function leave(objects: ObjectStore, content: string, left = identity) {
    const writer = await objects.create(key, { identity: left });
    await pipeline(Readable.from([content]), writer.stream);
    await writer.leave();
    return writer;
  }

  test('goes on with what an earlier writer left, under a name of its own, and nobody else does', async () => {
    const { temporary, objects } = await setup();
    const earlier = await leave(objects, 'the first half, ');

    const strangers = [await objects.create(key), await objects.create(key, { identity: 'c0ffee_' })];
    const writer = await objects.create(key, { identity });

    for (const stranger of strangers) expect(await readFile(stranger.temporaryPath!, 'utf8')).toBe('');
    expect(await readFile(writer.temporaryPath!, 'utf8')).toBe('the first half, ');
    expect(writer.temporaryPath).not.toBe(earlier.temporaryPath);
    for (const stranger of strangers) await stranger.abort();
    await appendFile(writer.temporaryPath!, 'and the second');
    await writer.commit();
    expect(await text(await objects.read(key))).toBe('the first half, and the second');
    expect(await readdir(temporary)).toEqual([]);
  });

  test('of several that were left, goes on with the largest', async () => {
    const { objects } = await setup();
    const writers = [];
    for (let i = 0; i < 3; i += 1) writers.push(await objects.create(key, { identity }));
    for (const [index, content] of ['a', 'abc', 'ab'].entries()) {
      await pipeline(Readable.from([content]), writers[index]!.stream);
      await writers[index]!.leave();
    }

    const writer = await objects.create(key, { identity });

    expect(await readFile(writer.temporaryPath!, 'utf8')).toBe('abc');
    await writer.abort();
  });

  test('is taken over by one of two writers that come at once', async () => {
    const { objects } = await setup();
    await leave(objects, 'left');

    const writers = await Promise.all([objects.create(key, { identity }), objects.create(key, { identity })]);

    const contents = await Promise.all(
      writers.map(({ temporaryPath }) => readFile(temporaryPath!, 'utf8').catch(() => 'taken')),
    );
    expect(contents.filter((content) => content === 'left')).toHaveLength(1);
    for (const writer of writers) await writer.abort();
  });

  test('that was taken over is out of reach of its earlier writer, which can neither publish nor remove it', async () => {
    const { temporary, objects } = await setup();
    const slow = await objects.create(key, { identity });
    slow.stream.write('begun');
    await expect.poll(() => readFile(slow.temporaryPath!, 'utf8')).toBe('begun');
    const writer = await objects.create('bundles/a/2/1.zip', { identity });

    await expect(slow.commit()).rejects.toMatchObject({ code: 'storage.unavailable' });
    await slow.abort();

    expect(await objects.stat(key)).toBeNull();
    await writer.commit();
    expect(await text(await objects.read('bundles/a/2/1.zip'))).toBe('begun');
    expect(await readdir(temporary)).toEqual([]);
  });

  test('of which nothing was written leaves nothing', async () => {
    const { temporary, objects } = await setup();

    await leave(objects, '');

    expect(await readdir(temporary)).toEqual([]);
  });

  test('is what there is to go on with: without one, a writer that leaves keeps nothing', async () => {
    const { temporary, objects } = await setup();
    const writer = await objects.create(key);
    await pipeline(Readable.from(['nobody can take this over']), writer.stream);

    await writer.leave();
    await writer.leave();

    expect(await readdir(temporary)).toEqual([]);
  });

  test('stays published, whatever its writer is told afterwards', async () => {
    const { objects } = await setup();
    const writer = await objects.create(key, { identity });
    writer.stream.write('all');
    await writer.commit();

    await writer.leave();
    await writer.abort();

    expect(await text(await objects.read(key))).toBe('all');
  });

  test('is kept from the sweep from when it is taken over, however old it was', async () => {
    const { temporary, objects } = await setup();
    const earlier = await leave(objects, 'left');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(earlier.temporaryPath!, longAgo, longAgo);

    const writer = await objects.create(key, { identity });

    expect(await objects.sweepTemporary(new Date(Date.now() - 30_000))).toBe(0);
    await writer.leave();
    expect(await readdir(temporary)).toHaveLength(1);
    expect(await objects.sweepTemporary(new Date(Date.now() + 1_000))).toBe(1);
  });

  test.each(['', 'a/b', '..', 'a.b', 'a b', 'a'.repeat(65)])('is refused with the identity %j', async (wrong) => {
    const { objects } = await setup();

    await expect(objects.create(key, { identity: wrong })).rejects.toMatchObject({ code: 'input.invalid' });
  });
});
