import type { SmartCropProfileJson } from '@sheaf/contract/preset';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { contentPaths, renditionOf, setupPortal } from '../harness/portal.ts';

/** A picture, and a requester who may have dynamic renditions of it from a preset and a smart-crop profile. */
async function setup() {
  const portal = await setupPortal();
  const entitled = await portal.addUser('requester', { dynamicRenditions: true });
  await portal.addPreset('banner', { width: 300, height: 100 });
  const profile = await portal.administer<SmartCropProfileJson>('POST', '/admin/smart-crop-profiles', {
    name: 'social',
    title: 'Social media',
    sizes: [
      { name: 'square', title: 'Square', width: 120, height: 120 },
      { name: 'story', title: 'Story', width: 90, height: 160 },
    ],
  });
  await portal.administer('PATCH', `/admin/smart-crop-profiles/${profile.id}`, { approved: true });
  const { id } = await portal.addPicture({ fileName: 'boat.jpg', width: 640, height: 480 });
  const picture = await portal.asset(id, entitled);
  return { ...portal, entitled, picture };
}

test('rule 2: the panel of a single asset lists all its renditions, smart crops with width, height and title', async () => {
  const { picture } = await setup();

  const listed = picture.renditions.map(({ kind, name, title, width, height }) => [kind, name, title, width, height]);

  expect(listed).toEqual([
    ['original', 'original', null, 640, 480],
    ['static', 'thumbnail', null, 319, 239],
    ['static', 'web', null, 640, 480],
    ['static', 'zoom', null, 640, 480],
    ['dynamic', 'banner', 'banner', 300, 100],
    ['smart-crop', 'social-square', 'Square', 120, 120],
    ['smart-crop', 'social-story', 'Story', 90, 160],
  ]);
});

test('rule 2: any of them can be chosen together: static, dynamic and smart-crop alike', async () => {
  const { download, entitled, items, picture, unpack } = await setup();
  const chosen = [
    renditionOf(picture, 'static', 'web'),
    renditionOf(picture, 'dynamic', 'banner'),
    renditionOf(picture, 'smart-crop', 'social-story'),
  ];

  const ready = await download({ assetIds: [picture.id], renditionIds: chosen.map(({ id }) => id) }, entitled);

  expect(ready.state).toBe('ready');
  const files = await unpack(ready);
  expect(contentPaths(files)).toEqual([
    'boat-banner.webp',
    expect.stringMatching(/^boat-social-story\./),
    'boat-web.jpg',
  ]);
  const sizes = await Promise.all(contentPaths(files).map((path) => sharp(files.get(path)).metadata()));
  expect(sizes.map(({ width, height }) => [width, height])).toEqual([
    [300, 100],
    [90, 160],
    [640, 480],
  ]);
  const [outcome] = await items(ready.id, entitled);
  expect(outcome?.entries.map(({ kind, name }) => [kind, name])).toEqual(
    expect.arrayContaining([
      ['dynamic', 'banner'],
      ['smart-crop', 'social-story'],
      ['static', 'web'],
    ]),
  );
});

test.each(['static', 'dynamic', 'smart-crop'] as const)('rule 2: a single %s one is sent as it is', async (kind) => {
  const { call, entitled, picture, request } = await setup();
  const rendition = renditionOf(picture, kind);

  const answer = await request({ assetIds: [picture.id], renditionIds: [rendition.id] }, entitled);

  expect(answer.statusCode, answer.body).toBe(200);
  const file = await call('GET', answer.json().direct, entitled);
  expect(file.statusCode, file.body).toBe(200);
  const { width, height } = await sharp(file.rawPayload).metadata();
  expect([width, height]).toEqual([rendition.width, rendition.height]);
});

test('rule 2: a rendition of another asset is none of this one', async () => {
  const { addPicture, asset, call, entitled, picture, request, users } = await setup();
  const other = await asset((await addPicture()).id, entitled);
  const foreign = renditionOf(other, 'dynamic', 'banner');

  const refused = await request({ assetIds: [picture.id], renditionIds: [foreign.id] }, entitled);

  expect(refused.statusCode).toBe(422);
  expect(refused.json().outcomes).toMatchObject([{ reason: 'rendition.none_available', entries: [] }]);
  const url = `/api/v1/assets/${picture.id}/renditions/${foreign.id}/content`;
  expect((await call('GET', url, entitled)).statusCode).toBe(404);
  expect((await call('GET', url, users.administrator)).statusCode).toBe(404);
});
