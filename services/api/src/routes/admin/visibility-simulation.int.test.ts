import { addMember } from '@sheaf/db/groups/add-member';
import { insertGroup } from '@sheaf/db/groups/insert-group';
import { disableUser } from '@sheaf/db/users/disable-user';
import { defaultVisibility, type VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestUser } from '../../../../../test/harness/api.ts';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';
import { simulateVisibility } from '../../use-cases/simulate-visibility.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const simulate = (
    changes: Partial<VisibilityConfiguration>,
    extra: object = {},
    user: TestUser = api.users.administrator,
  ) => api.post('/admin/visibility/simulate', { configuration: { ...defaultVisibility, ...changes }, ...extra }, user);
  return { ...api, simulate };
}

describe('POST /admin/visibility/simulate', () => {
  test('over an empty history is an empty answer', async () => {
    const { simulate } = await setup();
    const answer = await simulate({ originalsDownloadable: false });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        version: 0,
        totals: {
          downloads: 0,
          changedDownloads: 0,
          assets: 0,
          changedAssets: 0,
          newlyIncluded: 0,
          newlyExcluded: 0,
          filesGained: 0,
          filesLost: 0,
        },
        downloads: [],
        skipped: [],
      },
    ]);
  });

  test('says for each of the last downloads what would change, and changes nothing', async () => {
    const { simulate, addAsset, request, users, get, db } = await setup();
    const [both, only] = [await addAsset({ title: 'Both', renditions: ['web'] }), await addAsset({ title: 'Only' })];
    const first = await request([both.assetId], { name: 'First', renditions: 'static' });
    const second = await request([both.assetId, only.assetId], { name: 'Second' }, users.other);
    const simulation = (await simulate({ originalsDownloadable: false })).json();
    expect(simulation).toMatchObject({
      version: 0,
      totals: {
        downloads: 2,
        changedDownloads: 1,
        assets: 3,
        changedAssets: 2,
        newlyIncluded: 0,
        newlyExcluded: 1,
        filesGained: 0,
        filesLost: 2,
      },
      downloads: [
        {
          id: second,
          name: 'Second',
          state: 'requested',
          requester: { id: users.other.id, name: users.other.name },
          changed: true,
          before: { included: 2, excluded: 0, files: 3, verdict: 'allowed' },
          after: { included: 1, excluded: 1, files: 1, verdict: 'download.assets_refused' },
          changedAssets: 2,
          assets: [
            {
              assetId: both.assetId,
              title: 'Both',
              before: { outcome: 'included', reason: null },
              after: { outcome: 'included', reason: 'visibility.originals_off' },
              gained: [],
              lost: ['original'],
            },
            {
              assetId: only.assetId,
              after: { outcome: 'excluded', reason: 'visibility.originals_off' },
              lost: ['original'],
            },
          ],
        },
        { id: first, changed: false, changedAssets: 0, assets: [] },
      ],
      skipped: [],
    });
    expect((await get('/admin/visibility', users.administrator)).json().version).toBe(0);
    expect((await get(`/downloads/${second}`, users.other)).json()).toMatchObject({ state: 'requested' });
    expect(await db.orm.query.visibilityVersions.findMany()).toEqual([]);
  });

  test('shows what would be gained against the configuration in force', async () => {
    const { simulate, addAsset, request, switchVisibility } = await setup();
    const asset = await addAsset({ renditions: ['web'] });
    await request([asset.assetId]);
    await switchVisibility({ originalsDownloadable: false });
    expect((await simulate({})).json()).toMatchObject({
      version: 1,
      totals: { filesGained: 1, filesLost: 0 },
      downloads: [{ assets: [{ gained: ['original'], lost: [] }] }],
    });
  });

  test('a configuration that leaves rules out is tried with those in force', async () => {
    const { simulate, addAsset, request, switchVisibility, db, clock, users } = await setup();
    const fields = { name: 'Press', claim: null, dynamicRenditions: false, quota: null };
    const groupId = await insertGroup(db.orm, fields, clock());
    await addMember(db.orm, groupId, users.requester.id, clock());
    await request([(await addAsset()).assetId]);
    await switchVisibility({ groupRules: [{ groupId, effect: 'deny', kinds: [], name: null }] });
    expect((await simulate({ groupRules: undefined })).json().totals).toMatchObject({ downloads: 1, filesGained: 0 });
    expect((await simulate({ groupRules: [] })).json().totals).toMatchObject({ downloads: 1, filesGained: 1 });
  });

  test('acceptances given with a download count for it, also where each download asks anew', async () => {
    const { simulate, addAsset, addLicence, request } = await setup();
    const licence = await addLicence();
    const { assetId } = await addAsset({ licenceId: licence.licenceId });
    const accepting = await request([assetId], { acceptLicences: [licence] });
    const remembering = await request([assetId]);
    const { downloads } = (await simulate({ licenceAcceptance: 'per-download' })).json();
    expect(downloads).toMatchObject([
      { id: remembering, changed: true, assets: [{ after: { reason: 'licence.not_accepted' } }] },
      { id: accepting, changed: false },
    ]);
  });

  test('tells of downloads that would run in the background, or be refused as a whole', async () => {
    const { simulate, addAsset, request } = await setup();
    const assets = [await addAsset(), await addAsset()];
    await request(assets.map(({ assetId }) => assetId));
    const background = { ...defaultVisibility.background, maxAssets: 1 };
    expect((await simulate({ background })).json().downloads).toMatchObject([
      { changed: true, before: { background: false }, after: { background: true }, changedAssets: 0 },
    ]);
    expect((await simulate({ maxAssetsPerDownload: 1 })).json().downloads).toMatchObject([
      { changed: true, after: { verdict: 'download.too_many_assets' } },
    ]);
  });

  test('tells that rendition names could no longer be chosen', async () => {
    const { simulate, addAsset, request, switchVisibility } = await setup();
    const assets = [await addAsset({ renditions: ['web'] }), await addAsset({ renditions: ['web'] })];
    await switchVisibility({ multiSelectRenditionNames: true });
    await request(
      assets.map(({ assetId }) => assetId),
      { renditionNames: ['web'] },
    );
    expect((await simulate({ multiSelectRenditionNames: false })).json().downloads).toMatchObject([
      { changed: true, before: { verdict: 'allowed' }, after: { verdict: 'input.invalid' } },
    ]);
  });

  test('looks at the last downloads only, in whatever state', async () => {
    const { simulate, addAsset, request, post } = await setup();
    const { assetId } = await addAsset({ renditions: ['web'] });
    const [, cancelled, newest] = [await request([assetId]), await request([assetId]), await request([assetId])];
    await post(`/downloads/${cancelled}/cancel`, undefined);
    const { downloads } = (await simulate({}, { last: 2 })).json();
    expect(downloads).toMatchObject([
      { id: newest, state: 'requested' },
      { id: cancelled, state: 'cancelled' },
    ]);
  });

  test('says which downloads it did not look at: beyond its budget, or of somebody who is disabled', async () => {
    const { simulate, addAsset, request, db, users, clock } = await setup();
    const assets = [await addAsset({ renditions: ['web'] }), await addAsset({ renditions: ['web'] })];
    const ids = assets.map(({ assetId }) => assetId);
    const one = await request([ids[0]!]);
    const two = await request(ids);
    const other = await request([ids[0]!], {}, users.other);
    await disableUser(db.orm, users.other.id, clock());
    expect((await simulate({})).json().skipped).toMatchObject([{ id: other, assets: 1, why: 'requester_disabled' }]);
    const proposed = defaultVisibility;
    const small = await simulateVisibility(db.orm, { proposed, last: 50, now: clock(), assetBudget: 1 });
    expect(small.downloads).toMatchObject([{ id: one }]);
    expect(small.skipped).toMatchObject([{ id: other }, { id: two, assets: 2, why: 'too_many_assets' }]);
  });

  test('shows the first 100 changed assets of a download and counts the others', async () => {
    const { simulate, addAsset, request } = await setup();
    const assets = await Promise.all(Array.from({ length: 101 }, () => addAsset()));
    await request(assets.map(({ assetId }) => assetId));
    const { downloads } = (await simulate({ originalsDownloadable: false })).json();
    expect([downloads[0].changedAssets, downloads[0].assets.length]).toEqual([101, 100]);
  });

  test('refuses a configuration as a change to it would, and any other number of downloads than 1 to 200', async () => {
    const { simulate } = await setup();
    const groupId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';
    const answer = await simulate({ groupRules: [{ groupId, effect: 'deny', kinds: [], name: null }] });
    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'input.invalid',
      errors: [{ path: '/configuration/groupRules/0/groupId' }],
    });
    for (const last of [0, 201, 1.5, '10']) expect((await simulate({}, { last })).statusCode).toBe(400);
  });

  test('is for administrators', async () => {
    const { simulate, users } = await setup();
    expect((await simulate({}, {}, users.contributor)).statusCode).toBe(403);
  });
});
