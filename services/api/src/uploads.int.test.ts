import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { setupApi } from '../../../test/harness/api.ts';

const megabyte = 1_000_000;

function startOfFile(name: string, bytes: number): string {
  return `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${'x'.repeat(bytes)}`;
}

/** A listening API and a way to send it a form of that many bytes, which never waits for the answer. */
async function setup() {
  const api = await setupApi({ settings: { MAX_UPLOAD_BYTES: 20 * megabyte } });
  onTestFinished(api.close);
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  async function send(fields: Record<string, string>, bytes: number): Promise<{ status: number; code?: string }> {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    data.append('file', new Blob([new Uint8Array(bytes).fill(120)]), 'a.bin');
    const answer = await fetch(`${url}/api/v1/assets`, {
      method: 'POST',
      body: data,
      headers: api.users.contributor.headers,
    });
    const { code } = (await answer.json()) as { code?: string };
    return { status: answer.status, ...(code === undefined ? {} : { code }) };
  }
  /** Sends those bytes of a form that is never completed. */
  function stall(text: string) {
    const upload = request(`${url}/api/v1/assets`, {
      method: 'POST',
      headers: {
        ...api.users.contributor.headers,
        'content-type': 'multipart/form-data; boundary=x',
        'content-length': String(10 * megabyte),
      },
    });
    const closed = new Promise<void>((resolve) => upload.on('close', resolve));
    upload.on('error', () => {});
    upload.write(text);
    onTestFinished(() => void upload.destroy());
    return { upload, closed };
  }
  const temporary = () => readdir(path.join(api.storageFolder, 'temporary')).catch(() => []);
  return { ...api, url, send, stall, temporary };
}

describe('an upload over HTTP', () => {
  test('larger than a JSON body may be is taken', async () => {
    const { send } = await setup();
    expect(await send({}, 10 * megabyte)).toEqual({ status: 201 });
  });

  test('that is refused for its fields gets its answer', async () => {
    const { send, db } = await setup();
    expect(await send({ status: 'approved' }, 19 * megabyte)).toEqual({ status: 400, code: 'input.invalid' });
    expect(await db.orm.query.blobs.findMany()).toEqual([]);
  });

  test('that breaks off leaves nothing behind', async () => {
    const { stall, temporary, db } = await setup();
    const { upload } = stall(startOfFile('a.bin', 5 * megabyte));
    await vi.waitFor(async () => expect(await temporary()).toHaveLength(1), { timeout: 10_000 });

    upload.destroy();

    await vi.waitFor(async () => expect(await temporary()).toEqual([]), { timeout: 10_000 });
    expect(await db.orm.query.assets.findMany()).toEqual([]);
  });

  test('that stalls after its file holds no database connection', async () => {
    const { stall, temporary, url, users } = await setup();
    const moreThanConnections = 10;
    for (let i = 0; i < moreThanConnections; i++) stall(`${startOfFile(`${i}.bin`, 2 * megabyte)}\r\n--x\r\n`);
    await vi.waitFor(async () => expect(await temporary()).toHaveLength(moreThanConnections), { timeout: 10_000 });

    const answer = await fetch(`${url}/api/v1/me`, {
      headers: users.requester.headers,
      signal: AbortSignal.timeout(5_000),
    });

    expect(answer.status).toBe(200);
  });

  test('on which nothing moves is cut off after a while', async () => {
    const { app, stall, temporary } = await setup();
    expect(app.server.timeout).toBe(120_000);
    app.server.timeout = 500;

    await stall(startOfFile('a.bin', 5 * megabyte)).closed;

    await vi.waitFor(async () => expect(await temporary()).toEqual([]), { timeout: 10_000 });
  });

  test('with something after its file is refused, and leaves nothing behind', async () => {
    const { app, users, db, temporary } = await setup();
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/assets',
      headers: { ...users.contributor.headers, 'content-type': 'multipart/form-data; boundary=x' },
      payload: `${startOfFile('a.bin', 10)}\r\n--x\r\ncontent-disposition: form-data; name="title"\r\n\r\nA\r\n--x--\r\n`,
    });
    expect([answer.statusCode, answer.json().errors]).toMatchObject([400, [{ path: '/title' }]]);
    expect(await db.orm.query.blobs.findMany()).toEqual([]);
    expect(await temporary()).toEqual([]);
  });

  test('over the limit gets its answer, and the next one goes through', async () => {
    const { send, db } = await setup();
    expect(await send({}, 40 * megabyte)).toEqual({ status: 413, code: 'upload.too_large' });
    expect(await send({}, megabyte)).toEqual({ status: 201 });
    expect(await db.orm.query.blobs.findMany()).toHaveLength(1);
  });
});
