import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { renditionOf, setupPortal } from '../harness/portal.ts';

async function setup() {
  const portal = await setupPortal();
  const licence = await portal.addLicence({ title: 'Press use' });
  const picture = await portal.addPicture({ licenceId: licence.id });
  const second = await portal.addPicture({ licenceId: licence.id });
  const assetIds = [picture.id, second.id];
  const accept = { licenceId: licence.id, sha256: licence.sha256! };
  return { ...portal, licence, picture, assetIds, accept };
}

test('rule 6: a licensed asset is kept back in every way until its licence is accepted', async () => {
  const { accept, assetIds, download, fetchFile, picture, preflight, request } = await setup();

  const { outcomes, licences } = await preflight({ assetIds });
  expect(outcomes.map(({ reason }) => reason)).toEqual(['licence.not_accepted', 'licence.not_accepted']);
  expect(licences).toMatchObject([{ accepted: false, sha256: accept.sha256, assetIds }]);
  expect((await request({ assetIds })).statusCode).toBe(422);
  expect((await fetchFile(renditionOf(picture, 'original'))).statusCode).toBe(403);
  expect((await fetchFile(renditionOf(picture, 'static', 'web'))).statusCode).toBe(403);

  const ready = await download({ assetIds, acceptLicences: [accept] });

  expect(ready.counts).toEqual({ included: 2, excluded: 0 });
  expect((await fetchFile(renditionOf(picture, 'original'))).statusCode).toBe(200);
});

test('rule 6: one user’s acceptance is not another’s', async () => {
  const { accept, assetIds, download, fetchFile, picture, preflight, users } = await setup();
  await download({ assetIds, acceptLicences: [accept] });

  expect((await preflight({ assetIds }, users.other)).licences).toMatchObject([{ accepted: false }]);
  expect((await fetchFile(renditionOf(picture, 'original'), users.other)).statusCode).toBe(403);
});

test('rule 6: the terms can be read only while the licence is approved, and accepted only then', async () => {
  const { accept, addLicence, addPicture, administer, assetIds, call, licence, preflight, users } = await setup();
  const terms = (licenceId: string) => call('GET', `/api/v1/licences/${licenceId}/document`, users.requester);
  const shown = await terms(licence.id);
  expect(shown.statusCode).toBe(200);
  expect(createHash('sha256').update(shown.rawPayload).digest('hex')).toBe(licence.sha256);

  const draft = await addLicence({ title: 'Draft terms', approved: false });
  const kept = await addPicture({ licenceId: draft.id });
  expect((await terms(draft.id)).statusCode).toBe(404);
  const decision = await preflight({
    assetIds: [kept.id],
    acceptLicences: [{ licenceId: draft.id, sha256: draft.sha256! }],
  });
  expect(decision.outcomes[0]?.reason).toBe('licence.not_approved');
  expect(decision.licences).toMatchObject([{ approved: false, sha256: null, documentUrl: null }]);

  await administer('PATCH', `/licences/${licence.id}`, { approved: false });
  expect((await preflight({ assetIds, acceptLicences: [accept] })).outcomes[0]?.reason).toBe('licence.not_approved');
});

test('rule 6: new terms ask for acceptance anew, and what was accepted before them no longer counts', async () => {
  const { accept, assetIds, download, fetchLink, licence, preflight, replaceTerms } = await setup();
  const ready = await download({ assetIds, acceptLicences: [accept] });
  expect((await fetchLink(ready)).statusCode).toBe(200);

  const replaced = await replaceTerms(licence.id, 'Other terms');

  expect(replaced.sha256).not.toBe(licence.sha256);
  expect((await preflight({ assetIds, acceptLicences: [accept] })).outcomes[0]?.reason).toBe('licence.changed');
  const refused = await fetchLink(ready);
  expect(refused.statusCode).toBe(410);
  expect(refused.json().outcomes[0].reason).toBe('licence.changed');

  await download({ assetIds, acceptLicences: [{ licenceId: licence.id, sha256: replaced.sha256! }] });
  expect((await fetchLink(ready)).statusCode).toBe(200);
});

test('rule 6: the same bytes as an older version are a version of their own, which asks for acceptance anew', async () => {
  const { accept, assetIds, download, licence, preflight, replaceTerms } = await setup();
  await download({ assetIds, acceptLicences: [accept] });
  await replaceTerms(licence.id, 'Other terms');
  const third = await replaceTerms(licence.id, 'Press use');

  expect(third).toMatchObject({ sha256: licence.sha256, version: 3 });
  expect((await preflight({ assetIds })).outcomes[0]?.reason).toBe('licence.changed');
});

test('rule 6: where acceptance is asked for each download, an earlier one counts for its own download alone', async () => {
  const { accept, assetIds, configure, download, fetchLink, preflight, request } = await setup();
  await configure({ licenceAcceptance: 'per-download' });

  const ready = await download({ assetIds, acceptLicences: [accept] });

  expect((await fetchLink(ready)).statusCode).toBe(200);
  expect((await preflight({ assetIds })).licences).toMatchObject([{ accepted: false }]);
  expect((await request({ assetIds })).statusCode).toBe(422);
});

test('rule 6: accepting a licence that no asset of the selection is under is an error that changes nothing', async () => {
  const { accept, addPicture, get, request } = await setup();
  const free = [await addPicture(), await addPicture()];

  const refused = await request({ assetIds: free.map(({ id }) => id), acceptLicences: [accept] });

  expect(refused.statusCode, refused.body).toBe(400);
  expect(refused.json()).toMatchObject({
    code: 'input.invalid',
    errors: [{ path: '/acceptLicences/0/licenceId' }],
  });
  expect((await get<{ items: unknown[] }>('/downloads')).items).toEqual([]);
});
