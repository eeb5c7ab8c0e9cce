import { expect, test } from 'vitest';
import { renditionOf, setupPortal } from '../harness/portal.ts';

async function setup() {
  const portal = await setupPortal();
  const entitled = await portal.addUser('requester', { dynamicRenditions: true });
  const preset = await portal.addPreset('banner', { width: 200, height: 100 });
  const { id } = await portal.addPicture({ fileName: 'boat.jpg' });
  const picture = await portal.asset(id, entitled);
  const banner = renditionOf(picture, 'dynamic', 'banner');
  const web = renditionOf(picture, 'static', 'web');
  return { ...portal, entitled, preset, picture, banner, web };
}

test('rule 5: without the entitlement, dynamic renditions are neither listed nor to be had, alone or by their address', async () => {
  const { asset, banner, fetchFile, picture, request, users, web } = await setup();

  expect((await asset(picture.id)).renditions.map(({ kind }) => kind)).not.toContain('dynamic');
  expect((await fetchFile(banner, users.requester)).statusCode).toBe(404);
  const refused = await request({ assetIds: [picture.id], renditionIds: [banner.id, web.id] });
  expect(refused.statusCode).toBe(422);
  expect(refused.json().outcomes).toMatchObject([{ reason: 'rendition.not_entitled' }]);
});

test('rule 5: with it they are, and the same one is made once', async () => {
  const { banner, entitled, fetchFile } = await setup();

  const [first, second] = await Promise.all([fetchFile(banner, entitled), fetchFile(banner, entitled)]);

  expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
  expect(first.headers.etag).toBe(second.headers.etag);
  expect(first.rawPayload.equals(second.rawPayload)).toBe(true);
});

test('rule 5: a group gives the entitlement to its members, and takes it with it', async () => {
  const { addGroup, administer, asset, banner, fetchFile, picture, users } = await setup();
  const group = await addGroup('Designers', [users.other], { dynamicRenditions: true });
  expect((await asset(picture.id, users.other)).renditions.map(({ id }) => id)).toContain(banner.id);
  expect((await fetchFile(banner, users.other)).statusCode).toBe(200);

  await administer('DELETE', `/admin/groups/${group.id}/members/${users.other.id}`);

  expect((await fetchFile(banner, users.other)).statusCode).toBe(404);
});

test('rule 5: an entitlement that is withdrawn after the request ends its link', async () => {
  const { administer, banner, download, entitled, fetchLink, picture, web } = await setup();
  const ready = await download({ assetIds: [picture.id], renditionIds: [banner.id, web.id] }, entitled);
  expect((await fetchLink(ready)).statusCode).toBe(200);

  await administer('PATCH', `/admin/users/${entitled.id}`, { dynamicRenditions: false });

  const refused = await fetchLink(ready);
  expect(refused.statusCode).toBe(410);
  expect(refused.json().outcomes).toMatchObject([{ reason: 'rendition.not_entitled' }]);
});

test('rule 5: a preset that is not approved yields nothing, whoever guesses its renditions', async () => {
  const { administer, asset, banner, entitled, fetchFile, picture, preset, request, web } = await setup();

  await administer('PATCH', `/admin/image-presets/${preset.id}`, { approved: false });

  expect((await asset(picture.id, entitled)).renditions.map(({ kind }) => kind)).not.toContain('dynamic');
  expect((await fetchFile(banner, entitled)).statusCode).toBe(404);
  const refused = await request({ assetIds: [picture.id], renditionIds: [banner.id, web.id] }, entitled);
  expect(refused.json().outcomes).toMatchObject([{ reason: 'rendition.none_available' }]);
});

test('rule 5: an approval that is withdrawn ends the links of bundles with renditions from that preset', async () => {
  const { administer, banner, download, entitled, fetchLink, picture, preset, web } = await setup();
  const ready = await download({ assetIds: [picture.id], renditionIds: [banner.id, web.id] }, entitled);

  await administer('PATCH', `/admin/image-presets/${preset.id}`, { approved: false });

  const refused = await fetchLink(ready);
  expect(refused.statusCode).toBe(410);
  expect(refused.json().outcomes).toMatchObject([{ reason: 'rendition.not_approved' }]);
});

test('rule 5: a changed preset makes new renditions, and bundles from before keep theirs', async () => {
  const { administer, asset, banner, download, entitled, fetchFile, fetchLink, picture, preset, web } = await setup();
  const ready = await download({ assetIds: [picture.id], renditionIds: [banner.id, web.id] }, entitled);

  await administer('PATCH', `/admin/image-presets/${preset.id}`, { parameters: { width: 160 }, approved: true });

  const changed = renditionOf(await asset(picture.id, entitled), 'dynamic', 'banner');
  expect(changed).toMatchObject({ width: 160, height: 100 });
  expect(changed.id).not.toBe(banner.id);
  expect((await fetchFile(banner, entitled)).statusCode).toBe(404);
  expect((await fetchLink(ready)).statusCode).toBe(200);
});

test('rule 5: a preset of 100,000 by 100,000 pixels is refused', async () => {
  const { call, users } = await setup();

  const refused = await call('POST', '/api/v1/admin/image-presets', users.administrator, {
    name: 'huge',
    title: 'Huge',
    parameters: { width: 100_000, height: 100_000 },
  });

  expect([refused.statusCode, refused.json().code]).toEqual([400, 'input.invalid']);
});
