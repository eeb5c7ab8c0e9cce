import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { findBlobs } from '@sheaf/db/catalogue/find-blobs';
import { limitStalls } from '@sheaf/storage/limit-stalls';
import { expect, onTestFinished, test } from 'vitest';
import { setupStreamed } from '../../../../../test/harness/publish-streamed.ts';

/** A streamed download of two files, read from a storage that may be silent for a fifth of a second. */
async function setup({ size = 300_000 } = {}) {
  const api = await setupStreamed();
  Object.assign(api.deps, { storage: limitStalls(api.storage, 200) });
  const first = await api.addAsset({ fileName: '1.jpg', bytes: randomBytes(size) });
  const second = await api.addAsset({ fileName: '2.jpg', bytes: randomBytes(300_000) });
  const downloadId = await api.request([first.assetId, second.assetId]);
  const { token } = await api.publishStreamed(downloadId);
  const packed = await api.pack(downloadId);
  const { sha256 } = second.original.blob;
  return {
    ...api,
    ...{ token, packed, second },
    begin: packed.bytes.indexOf(second.original.bytes),
    get: (headers: Record<string, string> = {}) => api.fetch(`/d/${token}`, headers),
    fault: async () => (await findBlobs(api.db.orm, [sha256]))[0]!.fault,
    /** Opening the second file hangs from now on: it is a pipe into which nobody writes. */
    async hang() {
      const file = api.storage.blobs.path(sha256)!;
      await rm(file);
      execFileSync('mkfifo', [file]);
      onTestFinished(async () => (await open(file, constants.O_RDWR | constants.O_NONBLOCK)).close());
    },
  };
}

test('a stored file that hangs breaks the answer off after the limit, and is not taken for damaged', async () => {
  const api = await setup();
  await api.hang();
  const { status, complete, body } = await api.get();
  expect([status, complete]).toEqual([200, false]);
  expect(body.length).toBeLessThanOrEqual(api.begin);
  expect(body.equals(api.packed.bytes.subarray(0, body.length))).toBe(true);
  expect(await api.fault()).toBeNull();
});

test('a stored file that hangs where the answer begins is told as storage.unavailable', async () => {
  const api = await setup();
  await api.hang();
  const { status, body } = await api.get({ range: `bytes=${api.begin}-` });
  expect([status, JSON.parse(String(body)).code]).toEqual([503, 'storage.unavailable']);
});

test('a client that takes longer than the limit over what it is sent gets all of it', async () => {
  const api = await setup({ size: 30_000_000 });
  const client = connect(api.port, '127.0.0.1');
  onTestFinished(() => void client.destroy());
  client.write(`GET /d/${api.token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  let received = 0;
  let waits = 3;
  for await (const chunk of client) {
    received += (chunk as Buffer).length;
    if (received < 2_000_000 || waits === 0) continue;
    waits -= 1;
    await pause(500);
  }
  expect(received).toBeGreaterThan(api.packed.bytes.length);
});
