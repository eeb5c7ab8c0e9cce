import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { renditionOf, setupPortal } from '../harness/portal.ts';

test('rule 10: a single original is sent as it is, and never archived', async () => {
  const { addPicture, call, get, preflight, request, users } = await setupPortal();
  const picture = await addPicture();
  const original = renditionOf(picture, 'original');
  const body = { assetIds: [picture.id], renditions: 'originals' as const };

  const decision = await preflight(body);
  const answer = await request(body);

  expect(decision).toMatchObject({ direct: original.url, background: false });
  expect(answer.statusCode).toBe(200);
  const file = await call('GET', answer.json().direct, users.requester);
  expect(createHash('sha256').update(file.rawPayload).digest('hex')).toBe(original.sha256);
  expect((await get<{ items: unknown[] }>('/downloads')).items).toEqual([]);
});

test('rule 10: more assets or bytes than the limits say run in the background; at a limit they do not', async () => {
  const { addPicture, configure, preflight } = await setupPortal();
  const assets = [await addPicture(), await addPicture(), await addPicture()];
  const assetIds = assets.map(({ id }) => id);
  const bytes = assets.reduce((sum, asset) => sum + renditionOf(asset, 'original').size!, 0);
  const background = async (maxAssets: number, maxBytes: number) => {
    await configure({ background: { maxAssets, maxBytes, maxSeconds: 30 } });
    return (await preflight({ assetIds })).background;
  };

  expect(await background(3, bytes)).toBe(false);
  expect(await background(2, bytes)).toBe(true);
  expect(await background(3, bytes - 1)).toBe(true);
});

test('rule 10: by default the limits are 10 assets, 100 MB and 30 s', async () => {
  const { get, users } = await setupPortal();

  const { configuration } = await get<{ configuration: object }>('/admin/visibility', users.administrator);

  expect(configuration).toMatchObject({ background: { maxAssets: 10, maxBytes: 100_000_000, maxSeconds: 30 } });
});

test('rule 10: more than 30 s to prepare run in the background, until what takes so long is made', async () => {
  const { addPicture, addPreset, addUser, asset, download, preflight } = await setupPortal();
  const entitled = await addUser('requester', { dynamicRenditions: true });
  // One second is reckoned for each rendition that is still to be made.
  for (let i = 0; i < 31; i += 1) await addPreset(`crop-${i}`, { width: 40 + i, height: 30 });
  const { id } = await addPicture();
  const dynamic = (await asset(id, entitled)).renditions.filter(({ kind }) => kind === 'dynamic');
  const body = (count: number) => ({ assetIds: [id], renditionIds: dynamic.slice(0, count).map((each) => each.id) });

  expect((await preflight(body(30), entitled)).background).toBe(false);
  expect((await preflight(body(31), entitled)).background).toBe(true);

  expect(await download(body(31), entitled)).toMatchObject({ state: 'ready', background: true });
  expect((await preflight(body(31), entitled)).background).toBe(false);
});

test('rule 10: seconds to prepare are a limit that can be set, and bytes that are deflated take longer than copied ones', async () => {
  const { addPicture, configure, preflight } = await setupPortal();
  const picture = { width: 3_000, height: 2_500, channels: 3 as const, background: '#808080' };
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  const bytes = await sharp({ create: { ...picture, noise } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const assetIds = [(await addPicture({ fileName: 'a.png', bytes })).id, (await addPicture()).id];
  const background = async (compression: 'store' | 'deflate') =>
    (await preflight({ assetIds, compression })).background;

  expect(bytes.length).toBeGreaterThan(20_000_000);
  expect([await background('store'), await background('deflate')]).toEqual([false, false]);
  await configure({ background: { maxAssets: 10, maxBytes: 100_000_000, maxSeconds: 1 } });
  expect([await background('store'), await background('deflate')]).toEqual([false, true]);
});
