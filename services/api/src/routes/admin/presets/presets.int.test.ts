import { auditEvents } from '@sheaf/db/schema/evidence';
import { derivatives } from '@sheaf/db/schema/presets';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { setupDerivatives } from '../../../../../../test/harness/derivatives.ts';

const parameters = { width: 800, height: 600, fit: 'inside', format: 'webp', quality: 75 };
const preset = { name: 'web-large', title: 'Web, large', parameters };
const complete = {
  ...parameters,
  position: 'attention',
  enlarge: false,
  colourSpace: 'srgb',
  background: null,
  sharpen: false,
};
const sizes = [
  { name: 'square', title: 'Square', width: 1_080, height: 1_080 },
  { name: 'story', width: 1_080, height: 1_920 },
];
const output = { enlarge: false, format: 'jpeg', quality: null, colourSpace: 'srgb', background: null, sharpen: false };
const nobody = '0197f3a0-0000-7000-8000-0000000000ff';

describe('/admin/image-presets', () => {
  test('begins without approval, and with everything that was left out filled in', async () => {
    const { admin, users, clock } = await setupDerivatives();
    const created = await admin('POST', '/image-presets', preset);
    const body = created.json();
    expect([created.statusCode, body]).toEqual([
      201,
      {
        id: expect.any(String),
        ...preset,
        parameters: complete,
        approved: false,
        createdBy: { id: users.administrator.id, name: 'administrator' },
        createdAt: clock().toISOString(),
        updatedAt: clock().toISOString(),
      },
    ]);
    expect(created.headers.location).toBe(`/api/v1/admin/image-presets/${body.id}`);
    expect((await admin('GET', `/image-presets/${body.id}`)).json()).toEqual(body);
  });

  test('cannot be added as approved: approval is an act of its own', async () => {
    const { admin } = await setupDerivatives();
    const answer = await admin('POST', '/image-presets', { ...preset, approved: true });
    expect([answer.statusCode, answer.json().errors]).toMatchObject([400, [{ path: '/approved' }]]);
  });

  test('a repeated Idempotency-Key adds it once', async () => {
    const { app, users, admin } = await setupDerivatives();
    const post = () =>
      app.inject({
        method: 'POST',
        url: '/api/v1/admin/image-presets',
        headers: { ...users.administrator.headers, 'idempotency-key': 'one' },
        payload: preset,
      });
    const [first, second] = [await post(), await post()];
    expect([second.statusCode, second.json()]).toEqual([201, first.json()]);
    expect((await admin('GET', '/image-presets')).json().items).toHaveLength(1);
  });

  test('are listed by page, newest first, apart from smart-crop profiles', async () => {
    const { admin } = await setupDerivatives();
    for (const name of ['a', 'b', 'c']) await admin('POST', '/image-presets', { ...preset, name });
    await admin('POST', '/smart-crop-profiles', { name: 'social', title: 'Social', sizes });
    const page = (await admin('GET', '/image-presets?limit=2')).json();
    expect(page.items.map(({ name }: { name: string }) => name)).toEqual(['c', 'b']);
    const rest = (await admin('GET', `/image-presets?limit=2&cursor=${page.nextCursor}`)).json();
    expect(rest).toMatchObject({ items: [{ name: 'a' }], nextCursor: null });
  });

  test.each([
    ['100,000 by 100,000', { width: 100_000, height: 100_000 }, ['/parameters/height', '/parameters/width']],
    ['more pixels than an output may have', { width: 10_000, height: 10_000 }, ['/parameters/height']],
    ['no size at all', { format: 'png' }, ['/parameters/width']],
    ['CMYK in a format that has none', { width: 10, format: 'png', colourSpace: 'cmyk' }, ['/parameters/colourSpace']],
    ['a format that there is not', { width: 10, format: 'gif' }, ['/parameters/format']],
    ['a quality above 100', { width: 10, quality: 101 }, ['/parameters/quality']],
    ['a colour by name', { width: 10, background: 'red' }, ['/parameters/background']],
    ['a side of nothing', { width: 0 }, ['/parameters/width']],
  ])('%s is refused with the path, in new ones, changes and previews', async (_name, wrong, paths) => {
    const { admin, addPicture, db } = await setupDerivatives();
    const { id } = (await admin('POST', '/image-presets', { ...preset, parameters: { height: 9 } })).json();
    const assetId = await addPicture();
    const answers = [
      await admin('POST', '/image-presets', { ...preset, name: 'other', parameters: wrong }),
      await admin('PATCH', `/image-presets/${id}`, { parameters: { width: null, height: null, ...wrong } }),
      await admin('POST', '/image-presets/preview', { assetId, parameters: wrong }),
    ];
    for (const answer of answers) {
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
      expect(
        answer
          .json()
          .errors.map(({ path }: { path: string }) => path)
          .sort(),
      ).toEqual(paths);
    }
    expect(await db.orm.select().from(derivatives)).toEqual([]);
  });

  test('a name that is taken is a conflict, for new ones and changes; a profile may have it too', async () => {
    const { admin } = await setupDerivatives();
    await admin('POST', '/image-presets', preset);
    const again = await admin('POST', '/image-presets', preset);
    expect([again.statusCode, again.json()]).toMatchObject([
      409,
      { code: 'resource.conflict', errors: [{ path: '/name' }] },
    ]);
    const { id } = (await admin('POST', '/image-presets', { ...preset, name: 'other' })).json();
    expect((await admin('PATCH', `/image-presets/${id}`, { name: preset.name })).statusCode).toBe(409);
    const profile = { name: preset.name, title: 'Social', sizes };
    expect((await admin('POST', '/smart-crop-profiles', profile)).statusCode).toBe(201);
  });

  test('changed parameters take the approval away, unless the same request gives it', async () => {
    const { admin, addImagePreset } = await setupDerivatives();
    const url = `/image-presets/${await addImagePreset(parameters)}`;
    const patch = async (changes: object) => (await admin('PATCH', url, changes)).json();
    expect(await patch({ title: 'Another title', name: 'another-name' })).toMatchObject({ approved: true });
    expect(await patch({ parameters: { quality: 75 } })).toMatchObject({ approved: true, parameters: complete });
    expect(await patch({ parameters: { quality: 76 } })).toMatchObject({
      approved: false,
      parameters: { ...complete, quality: 76 },
    });
    expect(await patch({ parameters: { quality: 77 }, approved: true })).toMatchObject({ approved: true });
    expect(await patch({ approved: false })).toMatchObject({ approved: false });
  });

  test('are changed one after the other: approval is never of parameters that nobody saw', async () => {
    const { admin, addImagePreset } = await setupDerivatives();
    const url = `/image-presets/${await addImagePreset(parameters)}`;
    const changes = Array.from({ length: 8 }, (_, i) => admin('PATCH', url, { parameters: { width: 100 + i } }));
    await Promise.all(changes);
    expect((await admin('GET', url)).json()).toMatchObject({ approved: false });
  });

  test('a removed one is gone, with its renditions', async () => {
    const { admin, addImagePreset, addPicture, onDemand } = await setupDerivatives();
    const url = `/image-presets/${await addImagePreset()}`;
    const assetId = await addPicture();
    expect(await onDemand(assetId)).toHaveLength(1);
    expect((await admin('DELETE', url)).statusCode).toBe(204);
    expect(await onDemand(assetId)).toEqual([]);
    for (const method of ['GET', 'DELETE'] as const) expect((await admin(method, url)).statusCode).toBe(404);
    expect((await admin('PATCH', url, { approved: true })).statusCode).toBe(404);
  });

  test('every change is in the audit log, with before and after', async () => {
    const { admin, users, db } = await setupDerivatives();
    const { id } = (await admin('POST', '/image-presets', preset)).json();
    await admin('PATCH', `/image-presets/${id}`, { approved: true });
    await admin('DELETE', `/image-presets/${id}`);
    const events = await db.orm.select().from(auditEvents).orderBy(auditEvents.seq);
    const mine = events.map(({ record }) => JSON.parse(record)).filter(({ action }) => action.startsWith('preset.'));
    const facts = { actorId: users.administrator.id, ipAddress: '127.0.0.1' };
    const [fresh, approved] = [{ approved: false, name: preset.name, parameters: complete }, { approved: true }];
    expect(mine).toMatchObject([
      { ...facts, action: 'preset.created', detail: { presetId: id, kind: 'dynamic', before: null, after: fresh } },
      { ...facts, action: 'preset.changed', detail: { presetId: id, before: fresh, after: approved } },
      { ...facts, action: 'preset.deleted', detail: { presetId: id, before: approved, after: null } },
    ]);
  });
});

describe('/admin/smart-crop-profiles', () => {
  test('have named sizes, and what these have in common', async () => {
    const { admin } = await setupDerivatives();
    const profile = { name: 'social', title: 'Social media', sizes, parameters: { format: 'webp' } };
    const created = await admin('POST', '/smart-crop-profiles', profile);
    expect([created.statusCode, created.json()]).toMatchObject([
      201,
      {
        ...profile,
        sizes: [sizes[0], { ...sizes[1], title: 'story' }],
        parameters: { ...output, format: 'webp' },
        approved: false,
      },
    ]);
    const { id } = created.json();
    expect((await admin('GET', `/smart-crop-profiles/${id}`)).json()).toEqual(created.json());
    expect((await admin('GET', '/smart-crop-profiles')).json().items).toEqual([created.json()]);
    expect((await admin('GET', `/image-presets/${id}`)).statusCode).toBe(404);
  });

  test('keep their sizes through a new name, and lose the approval with another size', async () => {
    const { admin, addSmartCropProfile } = await setupDerivatives();
    const url = `/smart-crop-profiles/${await addSmartCropProfile(sizes)}`;
    const renamed = (await admin('PATCH', url, { name: 'campaign' })).json();
    expect(renamed).toMatchObject({ name: 'campaign', approved: true, sizes: [{ name: 'square' }, { name: 'story' }] });
    const resized = (await admin('PATCH', url, { sizes: [{ name: 'square', width: 500, height: 500 }] })).json();
    expect(resized).toMatchObject({ approved: false, sizes: [{ name: 'square', title: 'square', width: 500 }] });
    expect((await admin('PATCH', url, { parameters: { quality: 50 }, approved: true })).json()).toMatchObject({
      approved: true,
      parameters: { ...output, quality: 50 },
    });
    expect((await admin('DELETE', url)).statusCode).toBe(204);
    expect((await admin('PATCH', url, { approved: true })).statusCode).toBe(404);
  });

  test.each([
    ['no sizes', { sizes: [] }, '/sizes'],
    ['two sizes of one name', { sizes: [sizes[0], sizes[0]] }, '/sizes/1/name'],
    ['a size of 100,000 by 100,000', { sizes: [{ ...sizes[0], width: 100_000, height: 100_000 }] }, '/sizes/0/height'],
    [
      'more pixels than an output may have',
      { sizes: [{ ...sizes[0], width: 9_999, height: 9_999 }] },
      '/sizes/0/height',
    ],
    ['a format without CMYK', { sizes, parameters: { format: 'png', colourSpace: 'cmyk' } }, '/parameters/colourSpace'],
    ['a name with a space', { sizes, name: 'a b' }, '/name'],
  ])('%s: refused with the path', async (_name, wrong, path) => {
    const { admin } = await setupDerivatives();
    const answer = await admin('POST', '/smart-crop-profiles', { name: 'social', title: 'Social', ...wrong });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
    expect(answer.json().errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  test('a name that is taken is a conflict', async () => {
    const { admin } = await setupDerivatives();
    const profile = { name: 'social', title: 'Social', sizes };
    await admin('POST', '/smart-crop-profiles', profile);
    expect((await admin('POST', '/smart-crop-profiles', profile)).statusCode).toBe(409);
  });
});

describe('POST /admin/image-presets/preview', () => {
  test('is a small picture, cut as a preset would do it, whatever is approved, and made once', async () => {
    const { admin, addPicture, startDeriving } = await setupDerivatives();
    const assetId = await addPicture();
    const counted = await startDeriving();
    const ask = () =>
      admin('POST', '/image-presets/preview', { assetId, parameters: { width: 64, height: 64, format: 'png' } });
    const preview = await ask();
    expect([preview.statusCode, preview.headers['content-type']]).toEqual([200, 'image/png']);
    expect(await sharp(preview.rawPayload).metadata()).toMatchObject({ width: 64, height: 64 });
    expect((await ask()).rawPayload).toEqual(preview.rawPayload);
    expect(counted.renders).toBe(1);
  });

  test.each([
    ['on both sides', { width: 16_384, height: 2_048, enlarge: true, format: 'jpeg' }, [320, 40]],
    ['in width', { width: 16_384, format: 'tiff' }, [320, 240]],
    ['in height', { height: 16_384, format: 'png' }, [320, 240]],
  ])(
    'of a picture of 16,384 pixels, given by its size %s, has 320 a side at most',
    async (_which, parameters, size) => {
      const { admin, addPicture, startDeriving } = await setupDerivatives();
      const assetId = await addPicture();
      await startDeriving();
      const preview = await admin('POST', '/image-presets/preview', { assetId, parameters });
      expect(preview.statusCode, preview.body.slice(0, 200)).toBe(200);
      const { width, height } = await sharp(preview.rawPayload).metadata();
      expect([width, height]).toEqual(size);
    },
  );

  test('of an asset that is not there, or no picture, is refused', async () => {
    const { admin, addAsset } = await setupDerivatives();
    const body = { assetId: nobody, parameters: { width: 64 } };
    expect((await admin('POST', '/image-presets/preview', body)).statusCode).toBe(404);
    const { assetId } = await addAsset({ mediaType: 'application/pdf' });
    const answer = await admin('POST', '/image-presets/preview', { ...body, assetId });
    expect([answer.statusCode, answer.json().errors]).toMatchObject([400, [{ path: '/assetId' }]]);
  });

  test('that takes too long is 503, one that cannot be made 422', async () => {
    const { admin, addAsset, startDeriving } = await setupDerivatives({ settings: { RENDER_WAIT_SECONDS: 0 } });
    const { assetId } = await addAsset({ bytes: Buffer.from('no picture') });
    const ask = () => admin('POST', '/image-presets/preview', { assetId, parameters: { width: 64 } });
    expect((await ask()).json()).toMatchObject({ status: 503, code: 'render.pending' });
    await startDeriving();
    await expect
      .poll(async () => (await ask()).json(), { timeout: 20_000 })
      .toMatchObject({
        status: 422,
        code: 'render.failed',
      });
  });
});

test('all of it is for administrators', async () => {
  const { app, users, addImagePreset, addPicture } = await setupDerivatives();
  const id = await addImagePreset();
  const assetId = await addPicture();
  const calls: ['GET' | 'POST' | 'PATCH' | 'DELETE', string, object?][] = [
    ['GET', 'image-presets'],
    ['GET', `image-presets/${id}`],
    ['POST', 'image-presets', preset],
    ['PATCH', `image-presets/${id}`, { approved: true }],
    ['DELETE', `image-presets/${id}`],
    ['POST', 'image-presets/preview', { assetId, parameters: { width: 10 } }],
    ['GET', 'smart-crop-profiles'],
    ['GET', `smart-crop-profiles/${id}`],
    ['POST', 'smart-crop-profiles', { name: 'social', title: 'Social', sizes }],
    ['PATCH', `smart-crop-profiles/${id}`, { approved: true }],
    ['DELETE', `smart-crop-profiles/${id}`],
  ];
  for (const [method, path, payload] of calls) {
    const url = `/api/v1/admin/${path}`;
    const send = (headers: object) => app.inject({ method, url, headers: { ...headers }, ...(payload && { payload }) });
    expect((await send({})).statusCode, `${method} ${path}`).toBe(401);
    for (const user of [users.requester, users.contributor]) {
      expect((await send(user.headers)).statusCode, `${method} ${path}`).toBe(403);
    }
  }
});
