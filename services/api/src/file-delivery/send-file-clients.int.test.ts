import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { openFileRange } from '@sheaf/storage/file-range-stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { collectGarbage } from '../../../../test/harness/collect-garbage.ts';
import { type SendingOptions, setupSending } from './sending-under-test.ts';

const MB = 1_000_000;

/** A server with a large file, and clients that ask for it and read only when told to. */
async function setup(options: SendingOptions = {}) {
  const sending = await setupSending({ size: 200 * MB, random: 1_000, ...options });
  const clients: Socket[] = [];
  onTestFinished(() => {
    for (const client of clients) client.destroy();
  });
  return {
    ...sending,
    async ask(headers = ''): Promise<Socket> {
      const client = connect(sending.port, '127.0.0.1');
      clients.push(client);
      client.on('error', () => {});
      client.write(`GET / HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
      // Not read from, and so nothing beyond one chunk is taken from the network.
      await new Promise((resolve) => client.once('readable', resolve));
      return client;
    },
    /** Resolves when nothing moves any more. */
    async stalled(): Promise<number> {
      for (let before = -1; before !== sending.told.sent; await pause(200)) before = sending.told.sent;
      return sending.told.sent;
    },
  };
}

const withinASecond = { timeout: 1_000, interval: 20 };

test.each(['', 'Range: bytes=1000-\r\n', 'Range: bytes=0-9,1000-\r\n'])(
  'a client that closes after the first chunk (%j) frees the file within a second',
  async (headers) => {
    const { ask, stalled, handles, told, sources } = await setup();
    const client = await ask(headers);
    await stalled();
    expect(handles()).toBe(1);
    client.destroy();
    await vi.waitFor(() => expect(handles()).toBe(0), withinASecond);
    expect(told.sent).toBeLessThan(200 * MB);
    expect(sources.every(({ closed }) => closed)).toBe(true);
    expect(told.errors).toEqual([]);
  },
);

test('a client that goes while the file is being opened leaves nothing open', async () => {
  let opening = () => {};
  const asked = new Promise<void>((resolve) => {
    opening = resolve;
  });
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { port, handles, sources, app } = await setup({
    async open(range, path) {
      opening();
      await held;
      return openFileRange(path, range);
    },
  });
  const client = connect(port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await asked;
  client.destroy();
  await vi.waitFor(async () => expect(await connections(app.server)).toBe(0), withinASecond);
  letGo();
  await vi.waitFor(() => expect(sources[0]?.closed).toBe(true), withinASecond);
  expect(handles()).toBe(0);
});

test('a hundred slow clients cost at most 1 MB of memory each, and their files are freed when they go', async () => {
  const { ask, stalled, handles } = await setup();
  (await ask()).destroy();
  await vi.waitFor(() => expect(handles()).toBe(0), withinASecond);
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  const clients = await Promise.all(Array.from({ length: 100 }, () => ask()));
  await stalled();
  // Slow, not dead: what was read of each before is recycled for what comes now.
  for (const client of clients) client.read();
  await stalled();
  expect(handles()).toBe(100);
  collectGarbage();
  expect((process.memoryUsage().arrayBuffers - before) / 100).toBeLessThan(1 * MB);
  for (const client of clients) client.destroy();
  await vi.waitFor(() => expect(handles()).toBe(0), withinASecond);
});

test('a client that reads a byte now and then is sent no more than the network holds, and is cut off in the end', async () => {
  const { ask, stalled, handles, told } = await setup({ idle: 1_500 });
  const client = await ask();
  const before = await stalled();
  for (let n = 0; n < 5; n++) expect(client.read(1)).toHaveLength(1);
  expect(await stalled()).toBe(before);
  expect(before).toBeLessThan(20 * MB);
  await vi.waitFor(() => expect(handles()).toBe(0), { timeout: 10_000 });
  expect(told.responses).toBe(0);
});

test('storage that gives nothing, or nothing more, is not waited for longer than a client is', async () => {
  for (const given of [0, 1_000]) {
    const stalling = new Readable({ read() {} });
    if (given > 0) stalling.push(Buffer.alloc(given));
    const { fetch, sources, told } = await setup({ idle: 500, open: async () => stalling });

    await expect(fetch()).rejects.toThrow();

    await vi.waitFor(() => expect(sources.map(({ closed }) => closed)).toEqual([true]), withinASecond);
    expect(told.sent).toBe(given);
  }
});

test('two hundred at once are each sent all of it, and no file stays open', async () => {
  const { fetch, bytes, handles, told } = await setup({ size: 2 * MB, random: 2 * MB });
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const { status, body } = await fetch(n % 2 === 0 ? {} : { range: `bytes=${n}-` });
      return status === (n % 2 === 0 ? 200 : 206) && body.equals(n % 2 === 0 ? bytes : bytes.subarray(n));
    }),
  );
  expect(answers.filter(Boolean)).toHaveLength(200);
  await vi.waitFor(() => expect([handles(), told.responses]).toEqual([0, 200]), withinASecond);
});

test('hundreds of requests sent ahead on one connection hold one file between them, and none when their client goes', async () => {
  const { port, stalled, handles, sources, told } = await setup();
  const client = connect(port, '127.0.0.1');
  client.on('error', () => {});
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(300));
  await vi.waitFor(() => expect(told.begun).toHaveLength(300), { timeout: 5_000 });
  await stalled();
  expect([sources.length, handles(), told.handled]).toEqual([1, 1, 0]);

  client.destroy();

  await vi.waitFor(() => expect([handles(), told.handled]).toEqual([0, 300]), withinASecond);
  expect(sources).toHaveLength(1);
  expect(told.errors).toEqual([]);
});

test('200 that ask and go at once leave no file open', async () => {
  const { ask, handles } = await setup();
  await Promise.all(Array.from({ length: 200 }, async () => (await ask()).destroy()));
  await vi.waitFor(() => expect(handles()).toBe(0), withinASecond);
});

test('memory that was sent from is used again only once it was sent: a reader that stops and goes on gets every byte', async () => {
  const { ask, bytes, stalled } = await setup({ size: 20 * MB, random: 20 * MB });
  const client = await ask('Connection: close\r\n');
  await stalled();
  const received = Buffer.concat(await client.toArray());
  expect(received.subarray(received.indexOf('\r\n\r\n') + 4).equals(bytes)).toBe(true);
});

function connections(server: { getConnections(callback: (error: Error | null, count: number) => void): unknown }) {
  return new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
}
