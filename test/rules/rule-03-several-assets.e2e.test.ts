import { expect, test } from 'vitest';
import { contentPaths, setupPortal } from '../harness/portal.ts';

test.each([
  ['originals', ['a.jpg', 'b.jpg']],
  ['static', ['a-thumbnail.jpg', 'a-web.jpg', 'a-zoom.jpg', 'b-thumbnail.jpg', 'b-web.jpg', 'b-zoom.jpg']],
  [
    'originals-and-static',
    ['a-thumbnail.jpg', 'a-web.jpg', 'a-zoom.jpg', 'a.jpg', 'b-thumbnail.jpg', 'b-web.jpg', 'b-zoom.jpg', 'b.jpg'],
  ],
] as const)('rule 3: `%s` of several assets gives those files and no others', async (renditions, paths) => {
  const { addPicture, download, unpack } = await setupPortal();
  const assets = [await addPicture({ fileName: 'a.jpg' }), await addPicture({ fileName: 'b.jpg' })];

  const ready = await download({ assetIds: assets.map(({ id }) => id), renditions });

  expect(ready.state).toBe('ready');
  expect(contentPaths(await unpack(ready))).toEqual([...paths].sort());
});

test('rule 3: exact files can be chosen for a single asset only', async () => {
  const { addPicture, request } = await setupPortal();
  const [a, b] = [await addPicture(), await addPicture()];

  const refused = await request({ assetIds: [a.id, b.id], renditionIds: [a.renditions[0]!.id] });

  expect([refused.statusCode, refused.json().code]).toEqual([400, 'input.invalid']);
});

test('rule 3, beyond the seed: names of renditions can be chosen for several assets once an administrator switches it on', async () => {
  const { addPicture, configure, download, request, unpack } = await setupPortal();
  const assets = [await addPicture({ fileName: 'a.jpg' }), await addPicture({ fileName: 'b.jpg' })];
  const body = { assetIds: assets.map(({ id }) => id), renditionNames: ['original', 'web'] };

  const refused = await request(body);
  expect([refused.statusCode, refused.json().code]).toEqual([400, 'input.invalid']);

  await configure({ multiSelectRenditionNames: true });
  expect(contentPaths(await unpack(await download(body)))).toEqual(['a-web.jpg', 'a.jpg', 'b-web.jpg', 'b.jpg']);
});
