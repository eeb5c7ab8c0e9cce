import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { collectGarbage } from '../../../../../test/harness/collect-garbage.ts';
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
  const memory = () => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
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

test('two hundred at once are each sent the same bytes', async () => {
  const { fetch, token, part, openFiles } = await setup();
  const hashes = new Set<string>();
  const answers = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const { status, body } = await fetch(`/d/${token}`, { range: 'bytes=900000-1299999' });
      hashes.add(createHash('sha256').update(body).digest('hex'));
      return [status, body.length];
    }),
  );
  expect(answers).toEqual(Array(200).fill([206, 400_000]));
  expect(hashes.size).toBe(1);
  expect((await fetch(`/d/${token}`)).body.length).toBe(part.size);
  await vi.waitFor(() => expect(openFiles()).toBe(0), withinASecond);
});

/** Has the sweep find a download that is over, of which nobody has laid anything out for long. */
const ends = {
  expired: "update downloads set expires_at = now() - interval '1 minute'",
  revoked: "update downloads set state = 'revoked'",
};

test.each(['expired', 'revoked'] as const)(
  'a client that is being sent an archive when it is %s has the rest of what has only expired, and never wrong bytes',
  async (end) => {
    const { ask, db, pack, downloadId, part, tidyUp, openFiles } = await setup();
    const { bytes } = await pack(downloadId);
    const client = await ask();
    await settled(openFiles);
    await db.orm.execute(ends[end]);
    await db.orm.execute("update bundles set used_at = now() - interval '1 day'");
    await tidyUp();
    expect(await db.orm.query.downloads.findMany({ columns: { state: true } })).toEqual([{ state: end }]);

    const answer = Buffer.concat(await client.toArray().catch(() => []));

    const received = answer.subarray(answer.indexOf('\r\n\r\n') + 4);
    expect(received.length).toBe(end === 'expired' ? part.size : part.bundle.contentSize);
    expect(received.equals(bytes.subarray(0, received.length))).toBe(true);
    await vi.waitFor(() => expect(openFiles()).toBe(0), withinASecond);
  },
);

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
