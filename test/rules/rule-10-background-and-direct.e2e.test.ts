import { createHash } from 'node:crypto';
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
