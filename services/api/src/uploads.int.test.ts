import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { setupApi } from '../../../test/harness/api.ts';

const megabyte = 1_000_000;

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
  return { ...api, url, send };
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
    const { url, users, storageFolder, db } = await setup();
    const upload = request(`${url}/api/v1/assets`, {
      method: 'POST',
      headers: {
        ...users.contributor.headers,
        'content-type': 'multipart/form-data; boundary=x',
        'content-length': String(10 * megabyte),
      },
    });
    upload.on('error', () => {});
    upload.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\n');
    upload.write(Buffer.alloc(5 * megabyte, 'x'));
    const temporary = () => readdir(path.join(storageFolder, 'temporary')).catch(() => []);
    await vi.waitFor(async () => expect(await temporary()).toHaveLength(1), { timeout: 10_000 });

    upload.destroy();

    await vi.waitFor(async () => expect(await temporary()).toEqual([]), { timeout: 10_000 });
    expect(await db.orm.query.assets.findMany()).toEqual([]);
  });

  test('over the limit gets its answer, and the next one goes through', async () => {
    const { send, db } = await setup();
    expect(await send({}, 40 * megabyte)).toEqual({ status: 413, code: 'upload.too_large' });
    expect(await send({}, megabyte)).toEqual({ status: 201 });
    expect(await db.orm.query.blobs.findMany()).toHaveLength(1);
  });
});
