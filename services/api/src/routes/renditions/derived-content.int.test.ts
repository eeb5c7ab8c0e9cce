import { createHash } from 'node:crypto';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import type { Executor } from '@sheaf/db/database';
import { groupMembers, groups } from '@sheaf/db/schema/groups';
import { derivatives } from '@sheaf/db/schema/presets';
import { AppError } from '@sheaf/domain/app-error';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { setupDerivatives } from '../../../../../test/harness/derivatives.ts';

const findBlobOf = async (executor: Executor, assetId: string) =>
  (await findAsset(executor, assetId))?.renditions.find(({ kind }) => kind === 'original')?.blob;

const failing = {
  render: async () => {
    throw new AppError('render.failed', 'It needs more memory than it may take.', { detail: { cause: 'memory' } });
  },
};

describe('rule 2: what can be made on demand is listed', () => {
  test('with name, title, expected size and where it is', async () => {
    const { addPicture, addImagePreset, addSmartCropProfile, onDemand } = await setupDerivatives();
    await addImagePreset({ width: 100, format: 'png' });
    await addSmartCropProfile([
      { name: 'square', title: 'Square', width: 200, height: 200 },
      { name: 'wide', width: 400, height: 100 },
    ]);
    const assetId = await addPicture('Böhmen.jpg');
    const facts = { state: 'pending', sha256: null, size: null, url: expect.any(String) };
    const listed = await onDemand(assetId);
    expect(listed).toMatchObject([
      {
        kind: 'dynamic',
        name: 'small',
        title: 'Small',
        width: 100,
        height: 75,
        fileName: 'Böhmen-small.png',
        ...facts,
      },
      { kind: 'smart-crop', name: 'social-square', title: 'Square', width: 200, height: 200, ...facts },
      { kind: 'smart-crop', name: 'social-wide', title: 'wide', width: 400, height: 100, ...facts },
    ]);
    const { id } = listed[0]!;
    expect(listed[0]).toMatchObject({
      url: `/api/v1/assets/${assetId}/renditions/${id}/content`,
      previewUrl: `/api/v1/assets/${assetId}/renditions/${id}/preview`,
    });
  });

  test('and for nothing but pictures', async () => {
    const { addAsset, addImagePreset, onDemand } = await setupDerivatives();
    await addImagePreset();
    const { assetId } = await addAsset({ mediaType: 'application/pdf' });
    expect(await onDemand(assetId)).toEqual([]);
  });
});

describe('rule 5: entitlement', () => {
  test('without it, renditions on demand do not exist: neither listed nor by URL, for administrators too', async () => {
    const { addPicture, addImagePreset, onDemand, get, users } = await setupDerivatives();
    await addImagePreset();
    const assetId = await addPicture();
    const [rendition] = await onDemand(assetId);
    for (const user of [users.requester, users.administrator]) {
      expect(await onDemand(assetId, user)).toEqual([]);
      for (const file of ['content', 'preview']) {
        const answer = await get(`/assets/${assetId}/renditions/${rendition!.id}/${file}`, user);
        expect([answer.statusCode, answer.json().code]).toEqual([404, 'resource.not_found']);
      }
    }
  });

  test('that of a group is enough', async () => {
    const { addPicture, addImagePreset, onDemand, get, users, db, startDeriving } = await setupDerivatives();
    await addImagePreset();
    const assetId = await addPicture();
    await startDeriving();
    const groupId = '0197f3a0-0000-7000-8000-000000000001';
    await db.orm.insert(groups).values({ id: groupId, name: 'Agency', dynamicRenditions: true });
    await db.orm.insert(groupMembers).values({ groupId, userId: users.requester.id, source: 'manual' });
    const [rendition] = await onDemand(assetId, users.requester);
    const answer = await get(rendition!.url.replace('/api/v1', ''), users.requester);
    expect(answer.statusCode).toBe(200);
  });
});

describe('rule 5: approval of presets', () => {
  test('nothing is listed from one that is not approved, and its guessed id yields nothing', async () => {
    const { addPicture, addImagePreset, onDemand, get, admin, entitled, db } = await setupDerivatives();
    const presetId = await addImagePreset();
    const assetId = await addPicture();
    const [rendition] = await onDemand(assetId);
    await admin('PATCH', `/image-presets/${presetId}`, { approved: false });
    expect(await onDemand(assetId)).toEqual([]);
    for (const file of ['content', 'preview']) {
      const answer = await get(`/assets/${assetId}/renditions/${rendition!.id}/${file}`, entitled);
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'resource.not_found']);
    }
    expect(await db.orm.select().from(derivatives)).toEqual([]);
  });

  test("another asset's rendition does not exist", async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled } = await setupDerivatives();
    await addImagePreset();
    const [one, other] = [await addPicture('1.jpg'), await addPicture('2.jpg')];
    const [rendition] = await onDemand(other);
    expect((await get(`/assets/${one}/renditions/${rendition!.id}/content`, entitled)).statusCode).toBe(404);
  });

  test('a changed preset has other renditions, and the old ones are gone', async () => {
    const { addPicture, addImagePreset, onDemand, get, admin, entitled, startDeriving } = await setupDerivatives();
    const presetId = await addImagePreset({ width: 100, format: 'png' });
    const assetId = await addPicture();
    await startDeriving();
    const [before] = await onDemand(assetId);
    expect((await get(before!.url.replace('/api/v1', ''), entitled)).statusCode).toBe(200);
    await admin('PATCH', `/image-presets/${presetId}`, { parameters: { width: 120 }, approved: true });
    const [after] = await onDemand(assetId);
    expect(after).toMatchObject({ name: 'small', width: 120, height: 90, state: 'pending' });
    expect(after!.id).not.toBe(before!.id);
    expect((await get(before!.url.replace('/api/v1', ''), entitled)).statusCode).toBe(404);
    expect((await get(after!.url.replace('/api/v1', ''), entitled)).statusCode).toBe(200);
  });
});

describe('an archive with renditions that were made on demand', () => {
  test('is still served after its preset changed, and no longer once that is not approved', async () => {
    const api = await setupDerivatives();
    const { app, addPicture, addImagePreset, onDemand, get, admin, entitled, startDeriving, request, publish } = api;
    const presetId = await addImagePreset();
    await addImagePreset({ width: 50 }, { name: 'tiny' });
    const assetId = await addPicture();
    await startDeriving();
    const renditions = await onDemand(assetId);
    for (const { url } of renditions) await get(url.replace('/api/v1', ''), entitled);
    const renditionIds = renditions.map(({ id }) => id);
    const downloadId = await request([assetId], { renditions: undefined, renditionIds }, entitled);
    const { token } = await publish(downloadId);
    const status = async () => (await app.inject({ url: `/d/${token}` })).statusCode;
    expect(await status()).toBe(200);
    await admin('PATCH', `/image-presets/${presetId}`, { parameters: { width: 120 }, approved: true });
    expect(await status()).toBe(200);
    await admin('PATCH', `/image-presets/${presetId}`, { approved: false });
    const refused = await app.inject({ url: `/d/${token}` });
    expect(refused.json()).toMatchObject({ status: 410, outcomes: [{ reason: 'rendition.not_approved' }] });
    await admin('PATCH', `/image-presets/${presetId}`, { approved: true });
    expect(await status()).toBe(200);
    await admin('DELETE', `/image-presets/${presetId}`);
    expect(await status()).toBe(410);
  });
});

describe('rule 4: switches and rules for groups', () => {
  test('renditions that are switched off are gone', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, switchVisibility } = await setupDerivatives();
    await addImagePreset();
    const assetId = await addPicture();
    const [rendition] = await onDemand(assetId);
    await switchVisibility({ renditionsAvailable: false });
    expect(await onDemand(assetId)).toEqual([]);
    expect((await get(rendition!.url.replace('/api/v1', ''), entitled)).statusCode).toBe(404);
  });

  test('so is one that a rule denies', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, switchVisibility, db } = await setupDerivatives();
    await addImagePreset();
    await addImagePreset({ width: 50 }, { name: 'tiny' });
    const assetId = await addPicture();
    const groupId = '0197f3a0-0000-7000-8000-000000000002';
    await db.orm.insert(groups).values({ id: groupId, name: 'Agency' });
    await db.orm.insert(groupMembers).values({ groupId, userId: entitled.id, source: 'manual' });
    const denied = (await onDemand(assetId)).find(({ name }) => name === 'small');
    await switchVisibility({ groupRules: [{ groupId, effect: 'deny', kinds: ['dynamic'], name: 'sm*' }] });
    expect((await onDemand(assetId)).map(({ name }) => name)).toEqual(['tiny']);
    expect((await get(denied!.url.replace('/api/v1', ''), entitled)).statusCode).toBe(404);
  });

  test('rule 6: a licence that was not accepted keeps it back, and nothing is rendered', async () => {
    const { addPicture, addImagePreset, addLicence, onDemand, get, entitled, db } = await setupDerivatives();
    const { licenceId } = await addLicence();
    await addImagePreset();
    const assetId = await addPicture('Licensed.jpg', { licenceId });
    const [rendition] = await onDemand(assetId);
    const answer = await get(rendition!.url.replace('/api/v1', ''), entitled);
    expect([answer.statusCode, answer.json().reason]).toEqual([403, 'licence.not_accepted']);
    expect(await db.orm.select().from(derivatives)).toEqual([]);
  });
});

describe('GET of the content', () => {
  test('makes the picture, and sends it with length, ETag, ranges and name', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, startDeriving } = await setupDerivatives();
    await addImagePreset({ width: 100, format: 'png' });
    const assetId = await addPicture();
    const counted = await startDeriving();
    const [rendition] = await onDemand(assetId);
    const url = rendition!.url.replace('/api/v1', '');
    const whole = await get(url, entitled);
    expect(whole.statusCode).toBe(200);
    expect(await sharp(whole.rawPayload).metadata()).toMatchObject({ format: 'png', width: 100, height: 75 });
    const sha256 = createHash('sha256').update(whole.rawPayload).digest('hex');
    expect(whole.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(whole.rawPayload.length),
      etag: `"${sha256}"`,
      'content-disposition': 'attachment; filename=Picture-small.png',
    });
    expect(await onDemand(assetId)).toMatchObject([{ state: 'ready', sha256, width: 100, height: 75 }]);
    const part = await get(url, entitled, { range: 'bytes=10-19' });
    expect([part.statusCode, part.rawPayload]).toEqual([206, whole.rawPayload.subarray(10, 20)]);
    expect((await get(url, entitled, { 'if-none-match': `"${sha256}"` })).statusCode).toBe(304);
    expect(counted.renders).toBe(1);
  });

  test('renders once, however many ask at the same time', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, startDeriving, db } = await setupDerivatives();
    await addImagePreset();
    const assetId = await addPicture();
    const counted = await startDeriving();
    const [rendition] = await onDemand(assetId);
    const url = rendition!.url.replace('/api/v1', '');
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(url, entitled)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1);
    expect(await db.orm.select().from(derivatives)).toHaveLength(1);
    expect(counted.renders).toBe(1);
  });

  test('of two assets with the same original renders once', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, startDeriving } = await setupDerivatives();
    await addImagePreset();
    const counted = await startDeriving();
    const [one, other] = [await addPicture('1.jpg'), await addPicture('2.jpg')];
    const [first] = await onDemand(one);
    expect((await get(first!.url.replace('/api/v1', ''), entitled)).statusCode).toBe(200);
    const [second] = await onDemand(other);
    expect(second).toMatchObject({ state: 'ready', fileName: '2-small.png' });
    expect(second!.id).not.toBe(first!.id);
    expect((await get(second!.url.replace('/api/v1', ''), entitled)).statusCode).toBe(200);
    expect(counted.renders).toBe(1);
  });

  test('that takes too long is 503 render.pending, and the picture is asked for once', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, relay } = await setupDerivatives({
      settings: { RENDER_WAIT_SECONDS: 0 },
    });
    await addImagePreset();
    const [rendition] = await onDemand(await addPicture());
    for (let i = 0; i < 2; i++) {
      const answer = await get(rendition!.url.replace('/api/v1', ''), entitled);
      expect([answer.statusCode, answer.json().code]).toEqual([503, 'render.pending']);
      expect(answer.headers['retry-after']).toBe('2');
    }
    expect((await relay()).filter((jobId) => jobId.startsWith('derive-'))).toHaveLength(1);
  });

  test('that cannot be made is 422 with the reason, and may be made ten minutes later', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, startDeriving, clock } = await setupDerivatives();
    await addImagePreset();
    const assetId = await addPicture();
    let broken = true;
    const real = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const picture = { bytes: real, width: 9, height: 9, mediaType: 'image/png' };
    await startDeriving({ render: () => (broken ? failing.render() : Promise.resolve(picture)) });
    const [rendition] = await onDemand(assetId);
    const url = rendition!.url.replace('/api/v1', '');
    for (let i = 0; i < 2; i++) {
      expect((await get(url, entitled)).json()).toMatchObject({
        status: 422,
        code: 'render.failed',
        detail: 'It needs more memory than it may take.',
      });
      broken = false;
    }
    expect(await onDemand(assetId)).toMatchObject([{ state: 'failed' }]);
    clock.advance(11 * 60_000);
    expect((await get(url, entitled)).rawPayload).toEqual(real);
  });

  test('whose original is gone is 422 with that reason, and the original is known to be missing', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, startDeriving, storage, db } =
      await setupDerivatives();
    await addImagePreset();
    const assetId = await addPicture();
    const { sha256 } = (await findBlobOf(db.orm, assetId))!;
    await startDeriving();
    const url = (await onDemand(assetId))[0]!.url.replace('/api/v1', '');
    await storage.blobs.remove(sha256);
    expect((await get(url, entitled)).json()).toMatchObject({
      status: 422,
      code: 'render.failed',
      detail: expect.stringContaining('The original cannot be read'),
    });
    expect(await findBlob(db.orm, sha256)).toMatchObject({ fault: 'missing' });
  });

  test('makes a picture anew whose bytes were lost', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, startDeriving, storage } = await setupDerivatives();
    await addImagePreset();
    const assetId = await addPicture();
    const counted = await startDeriving();
    const url = (await onDemand(assetId))[0]!.url.replace('/api/v1', '');
    const first = await get(url, entitled);
    await storage.blobs.remove(String(first.headers.etag).slice(1, -1));
    expect((await get(url, entitled)).json()).toMatchObject({ status: 503, code: 'render.pending' });
    const again = await get(url, entitled);
    expect([again.statusCode, again.rawPayload]).toEqual([200, first.rawPayload]);
    expect(counted.renders).toBe(2);
  });

  test('by somebody who waits for 20 others already is 429', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, addUser } = await setupDerivatives({
      settings: { RENDER_WAIT_SECONDS: 0 },
    });
    await addImagePreset();
    const assetId = await addPicture();
    for (let i = 0; i < 21; i++) await addImagePreset({ width: 10 + i }, { name: `width-${i}` });
    const renditions = (await onDemand(assetId)).filter(({ name }) => name !== 'small');
    const answers = await Promise.all(renditions.map(({ url }) => get(url.replace('/api/v1', ''), entitled)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([429, ...Array(20).fill(503)].sort());
    const refused = answers.find(({ statusCode }) => statusCode === 429);
    expect(refused!.json()).toMatchObject({ code: 'rate.limited', limit: 20 });
    expect(refused!.headers['retry-after']).toBe('2');
    const other = await addUser('requester', { dynamicRenditions: true });
    const untouched = (await onDemand(assetId)).find(({ name }) => name === 'small');
    expect((await get(untouched!.url.replace('/api/v1', ''), other)).statusCode).toBe(503);
  });
});

describe('HEAD of the content', () => {
  test('renders nothing, and tells what is known', async () => {
    const { app, addPicture, addImagePreset, onDemand, get, entitled, startDeriving, db } = await setupDerivatives();
    await addImagePreset();
    const assetId = await addPicture();
    const { url } = (await onDemand(assetId))[0]!;
    const head = () => app.inject({ method: 'HEAD', url, headers: entitled.headers });
    const before = await head();
    expect([before.statusCode, before.headers['retry-after']]).toEqual([503, '2']);
    expect(await db.orm.select().from(derivatives)).toEqual([]);
    await startDeriving();
    const whole = await get(url.replace('/api/v1', ''), entitled);
    const after = await head();
    expect([after.statusCode, after.headers.etag, after.headers['content-length']]).toEqual([
      200,
      whole.headers.etag,
      String(whole.rawPayload.length),
    ]);
  });
});

describe('GET of the preview', () => {
  test('is a small picture in a format that browsers draw', async () => {
    const { addPicture, addImagePreset, onDemand, get, entitled, startDeriving } = await setupDerivatives();
    await addImagePreset({ width: 600, height: 300, format: 'tiff', colourSpace: 'cmyk' });
    const assetId = await addPicture();
    await startDeriving();
    const { id } = (await onDemand(assetId))[0]!;
    const answer = await get(`/assets/${assetId}/renditions/${id}/preview`, entitled);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/jpeg']);
    expect(await sharp(answer.rawPayload).metadata()).toMatchObject({ width: 320, height: 160, space: 'srgb' });
    expect(await onDemand(assetId)).toMatchObject([{ state: 'pending' }]);
  });

  test('is not there for what is stored as it is', async () => {
    const { addAsset, get, entitled } = await setupDerivatives();
    const { assetId, original } = await addAsset();
    expect((await get(`/assets/${assetId}/renditions/${original.id}/preview`, entitled)).statusCode).toBe(404);
  });
});
