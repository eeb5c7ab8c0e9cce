import { noise, pngBomb } from '@sheaf/imaging/testing/pictures';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestApiOptions, TestUser } from '../../../../../test/harness/api.ts';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';
import { type FormFile, form } from '../../../../../test/harness/form.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';

async function setup(options?: TestApiOptions) {
  const api = await setupDownloads(options);
  onTestFinished(api.close);
  const get = (url: string, user: TestUser = api.users.requester) =>
    api.app.inject({ url: `/api/v1${url}`, headers: user.headers });
  const add = async (
    fields: Record<string, string>,
    file: FormFile | null,
    { user = api.users.contributor, key, order }: { user?: TestUser; key?: string; order?: 'file-first' } = {},
  ) => {
    const { payload, headers } = await form(fields, file, order ? { order } : {});
    return api.app.inject({
      method: 'POST',
      url: '/api/v1/assets',
      payload,
      headers: { ...headers, ...user.headers, ...(key && { 'idempotency-key': key }) },
    });
  };
  const countAssets = async () => (await api.db.orm.query.assets.findMany()).length;
  return { ...api, get, add, countAssets };
}

async function picture(name = 'harbour.png', color = 'red'): Promise<FormFile> {
  return {
    name,
    bytes: await sharp({ create: { width: 60, height: 40, channels: 3, background: color } })
      .png()
      .toBuffer(),
  };
}

describe('POST /assets', () => {
  test('rule 9: adds a file, not approved, with its renditions asked for', async () => {
    const { add, users, get, relay } = await setup();
    const file = await picture();
    const answer = await add({ title: 'Harbour', folder: '/Ports//North/' }, file);
    expect(answer.statusCode).toBe(201);
    const asset = answer.json();
    expect(asset).toMatchObject({
      title: 'Harbour',
      folder: 'Ports/North',
      fileName: 'harbour.png',
      mediaType: 'image/png',
      status: 'draft',
    });
    expect(answer.headers.location).toBe(`/api/v1/assets/${asset.id}`);
    expect(await relay()).toEqual([`render-${asset.id}`]);
    expect((await get(`/assets/${asset.id}`)).statusCode).toBe(404);
    expect((await get(`/assets/${asset.id}`, users.administrator)).statusCode).toBe(200);
  });

  test('rule 9: with auto-approval on, it is approved at once', async () => {
    const { add, switchVisibility } = await setup();
    await switchVisibility({ autoApproval: true });
    expect((await add({}, await picture())).json().status).toBe('approved');
  });

  test('a requester may not', async () => {
    const { add, users, countAssets } = await setup();
    const answer = await add({}, await picture(), { user: users.requester });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'auth.forbidden']);
    expect(await countAssets()).toBe(0);
  });

  test('only the name of a hostile path is kept', async () => {
    const { add } = await setup();
    const answer = await add({}, await picture('../../etc/passwd.png'));
    expect(answer.json()).toMatchObject({ folder: '', fileName: 'passwd.png' });
  });

  test.each([
    ['no file', {}, null, 422, 'upload.empty'],
    ['an empty file', {}, { name: 'a.bin', bytes: Buffer.alloc(0) }, 422, 'upload.empty'],
    ['text named .jpg', {}, { name: 'a.jpg', bytes: Buffer.from('no picture') }, 422, 'upload.unreadable'],
    ['too many bytes', {}, { name: 'a.bin', bytes: Buffer.alloc(5_001, 'x') }, 413, 'upload.too_large'],
    ['a step up', { folder: '../x' }, { name: 'a.txt', bytes: Buffer.from('a') }, 400, 'input.invalid'],
    ['an unknown field', { status: 'approved' }, { name: 'a.txt', bytes: Buffer.from('a') }, 400, 'input.invalid'],
    ['no licence', { licenceId: unknownId }, { name: 'a.txt', bytes: Buffer.from('a') }, 400, 'input.invalid'],
  ] as const)('%s is refused and leaves nothing behind', async (_name, fields, file, status, code) => {
    const { add, countAssets, db } = await setup({ settings: { MAX_UPLOAD_BYTES: 5_000 } });
    const answer = await add(fields, file);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(await countAssets()).toBe(0);
    expect(await db.orm.query.blobs.findMany()).toEqual([]);
  });

  const cutJpeg = async () => {
    const jpeg = await noise(400, 300).jpeg().toBuffer();
    return jpeg.subarray(0, jpeg.length / 2);
  };

  test.each([
    ['a JPEG that ends half-way', 'cut.jpg', cutJpeg],
    ['a small PNG of 30,000 x 30,000 pixels', 'bomb.png', async () => pngBomb(30_000)],
  ])('%s is refused and leaves nothing behind', async (_name, name, makeBytes) => {
    const { add, countAssets, db } = await setup();
    const answer = await add({}, { name, bytes: await makeBytes() });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'upload.unreadable']);
    expect(await countAssets()).toBe(0);
    expect(await db.orm.query.blobs.findMany()).toEqual([]);
  });

  test('a field after the file is refused and leaves nothing behind', async () => {
    const { add, countAssets } = await setup();
    const answer = await add({ title: 'late' }, await picture(), { order: 'file-first' });
    expect(answer.json().errors).toEqual([{ path: '/title', message: 'must come before the file' }]);
    expect(await countAssets()).toBe(0);
  });

  test('a body that is no form is refused', async () => {
    const { app, users } = await setup();
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/assets',
      headers: users.contributor.headers,
      payload: { title: 'x' },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([415, 'input.media_type']);
  });

  test('a place that is taken is a conflict', async () => {
    const { add, countAssets } = await setup();
    await add({}, await picture());
    const again = await add({}, await picture());
    expect([again.statusCode, again.json().code]).toEqual([409, 'resource.conflict']);
    expect(await countAssets()).toBe(1);
  });

  test('the same Idempotency-Key with the same file gives the same answer, with another file 409', async () => {
    const { add, countAssets } = await setup();
    const first = await add({ title: 'A' }, await picture(), { key: 'k' });
    const again = await add({ title: 'A' }, await picture(), { key: 'k' });
    expect([again.statusCode, again.json()]).toEqual([201, first.json()]);
    for (const [title, color] of [
      ['A', 'blue'],
      ['B', 'red'],
    ] as const) {
      const other = await add({ title }, await picture('harbour.png', color), { key: 'k' });
      expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency.mismatch']);
    }
    expect(await countAssets()).toBe(1);
  });
});
