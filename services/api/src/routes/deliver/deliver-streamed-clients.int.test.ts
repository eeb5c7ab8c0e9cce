import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { setupStreamed } from '../../../../../test/harness/publish-streamed.ts';

const MB = 1_000_000;
const withinASecond = { timeout: 1_000, interval: 20 };

/** A streamed download of a few large files after many small ones, and clients that read only when told to. */
async function setup() {
  const api = await setupStreamed();
  const assetIds: string[] = [];
  const add = async (fileName: string, bytes: Buffer) => {
    assetIds.push((await api.addAsset({ fileName, bytes })).assetId);
  };
  for (let n = 0; n < 20; n += 1) await add(`a-${n}.jpg`, Buffer.alloc(50_000, n));
  for (let n = 0; n < 3; n += 1) await add(`b-${n}.jpg`, Buffer.alloc(20 * MB, n));
  const { token, downloadId, parts } = await api.publishStreamed(await api.request(assetIds));
  const clients: Socket[] = [];
  onTestFinished(() => {
    for (const client of clients) client.destroy();
  });
  return {
    ...api,
    ...{ token, downloadId, part: parts[0]! },
    /** Resolves with the first bytes of the answer waiting to be read. */
    async ask(headers = ''): Promise<Socket> {
      const client = connect(api.port, '127.0.0.1');
      clients.push(client);
      client.on('error', () => {});
      client.write(`GET /d/${token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);
      await new Promise((resolve) => client.once('readable', resolve));
      return client;
    },
  };
}

/** Resolves when a number has stayed the same for a while. */
async function settled(read: () => number): Promise<void> {
  for (let before = Number.NaN; before !== read(); await pause(200)) before = read();
}

test.each(['', 'Range: bytes=30000000-\r\n', 'Range: bytes=0-9,30000000-\r\n'])(
  'a client that goes after the first bytes (%j) leaves no file open after a second',
  async (headers) => {
    const { ask, openFiles } = await setup();
    const client = await ask(headers);
    await settled(openFiles);
    expect(openFiles()).toBeGreaterThan(0);
    client.destroy();
    await vi.waitFor(() => expect(openFiles()).toBe(0), withinASecond);
  },
);

test('thirty slow clients cost at most 1 MB of memory each and a file at a time, until they go', async () => {
  const { ask, openFiles, part } = await setup();
  (await ask()).destroy();
  await vi.waitFor(() => expect(openFiles()).toBe(0), withinASecond);
  const memory = () => process.memoryUsage().arrayBuffers;
  const before = memory();

  const clients = await Promise.all(Array.from({ length: 30 }, () => ask()));
  for (let n = 0; n < 3; n += 1) {
    // Slow, not dead: what was read of each before is used again for what comes now.
    for (const client of clients) client.read();
    await settled(memory);
  }

  expect((memory() - before) / clients.length).toBeLessThan(1 * MB);
  expect(openFiles()).toBeLessThanOrEqual(clients.length);
  const received = await Promise.all(clients.slice(0, 2).map((client) => hashOf(client)));
  expect(received.every(({ bytes }) => bytes > part.size - 20 * MB)).toBe(true);
  for (const client of clients) client.destroy();
  await vi.waitFor(() => expect(openFiles()).toBe(0), withinASecond);
});

test('twenty at once are each sent the same bytes', async () => {
  const { fetch, token, part, openFiles } = await setup();
  const hashes = new Set<string>();
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const { status, body } = await fetch(`/d/${token}`, { range: 'bytes=0-2999999' });
      hashes.add(createHash('sha256').update(body).digest('hex'));
      return [status, body.length];
    }),
  );
  expect(answers).toEqual(Array(20).fill([206, 3_000_000]));
  expect(hashes.size).toBe(1);
  expect((await fetch(`/d/${token}`)).body.length).toBe(part.size);
  await vi.waitFor(() => expect(openFiles()).toBe(0), withinASecond);
});

test('a client that goes while the storage stalls ends what is being read, and is not waited for', async () => {
  const { storage, port, token, app, db } = await setup();
  const sources: Readable[] = [];
  vi.spyOn(storage.blobs, 'path').mockReturnValue(null);
  vi.spyOn(storage.blobs, 'read').mockImplementation(async () => {
    const source = new Readable({ read() {} });
    sources.push(source);
    return source;
  });
  const client = connect(port, '127.0.0.1');
  client.on('error', () => {});
  client.write(`GET /d/${token} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await vi.waitFor(() => expect(sources.length).toBeGreaterThan(0));

  client.destroy();

  await vi.waitFor(() => expect(sources.every(({ closed }) => closed)).toBe(true), withinASecond);
  await app.accessRecorder.settled();
  const faulty = await db.orm.query.blobs.findMany({ where: (row, { isNotNull }) => isNotNull(row.fault) });
  expect(faulty).toEqual([]);
});

async function hashOf(client: Socket): Promise<{ bytes: number }> {
  let bytes = 0;
  for await (const chunk of client) bytes += (chunk as Buffer).length;
  return { bytes };
}
