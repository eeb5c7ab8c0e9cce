import { expect, test } from 'vitest';
import { contentPaths, setupPortal } from '../harness/portal.ts';

async function setup() {
  const portal = await setupPortal();
  const [press, film] = [await portal.addLicence({ title: 'Press' }), await portal.addLicence({ title: 'Film' })];
  const assets = [
    await portal.addPicture({ fileName: 'press-1.jpg', licenceId: press.id }),
    await portal.addPicture({ fileName: 'film.jpg', licenceId: film.id }),
    await portal.addPicture({ fileName: 'free.jpg' }),
    await portal.addPicture({ fileName: 'press-2.jpg', licenceId: press.id }),
  ];
  const assetIds = assets.map(({ id }) => id);
  const accept = { licenceId: press.id, sha256: press.sha256! };
  return { ...portal, press, film, assets, assetIds, accept };
}

test('rule 7: preflight groups the assets of a selection by licence, with the address of each document', async () => {
  const { assetIds, call, film, preflight, press, users } = await setup();

  const { licences } = await preflight({ assetIds });

  expect(licences).toMatchObject([
    { licenceId: press.id, title: 'Press', approved: true, accepted: false, assetIds: [assetIds[0], assetIds[3]] },
    { licenceId: film.id, title: 'Film', approved: true, accepted: false, assetIds: [assetIds[1]] },
  ]);
  for (const { documentUrl } of licences) {
    const document = await call('GET', documentUrl!, users.requester);
    expect([document.statusCode, document.headers['content-type']]).toEqual([200, 'application/pdf']);
  }
});

test('rule 7: a licence that is left unaccepted blocks the request', async () => {
  const { accept, assetIds, film, request } = await setup();

  const refused = await request({ assetIds, acceptLicences: [accept] });

  expect(refused.statusCode).toBe(422);
  const reasons = refused.json().outcomes.map(({ reason }: { reason: string | null }) => reason);
  expect(reasons).toEqual([null, 'licence.not_accepted', null, null]);
  expect(film.id).toEqual(expect.any(String));
});

test('rule 7: a licence that is taken out takes its assets out, and blocks nothing any more', async () => {
  const { accept, assetIds, download, film, items, unpack } = await setup();

  const ready = await download({ assetIds, acceptLicences: [accept], withoutLicences: [film.id] });

  expect(ready.counts).toEqual({ included: 3, excluded: 1 });
  expect((await items(ready.id))[1]).toMatchObject({ outcome: 'excluded', reason: 'licence.removed' });
  expect(contentPaths(await unpack(ready))).toEqual(['free.jpg', 'press-1.jpg', 'press-2.jpg']);
});

test('rule 7: taking out the only licence leaves nothing, which is an error', async () => {
  const { assetIds, film, request } = await setup();

  const refused = await request({ assetIds: [assetIds[1]!], withoutLicences: [film.id] });

  expect([refused.statusCode, refused.json().code]).toEqual([422, 'download.assets_refused']);
});
