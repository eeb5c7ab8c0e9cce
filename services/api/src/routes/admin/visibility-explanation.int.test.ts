import { addMember } from '@sheaf/db/groups/add-member';
import { insertGroup } from '@sheaf/db/groups/insert-group';
import type { GroupRule } from '@sheaf/domain/group-rule';
import { defaultVisibility, type VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestUser } from '../../../../../test/harness/api.ts';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { users, db, clock } = api;
  const fields = { name: 'Press', claim: null, dynamicRenditions: false, quota: null };
  const groupId = await insertGroup(db.orm, fields, clock());
  await addMember(db.orm, groupId, users.requester.id, clock());
  const rule = (effect: GroupRule['effect'], changes: Partial<GroupRule> = {}): GroupRule => ({
    groupId,
    effect,
    kinds: [],
    name: null,
    ...changes,
  });
  const explain = (
    assetId: string,
    changes?: Partial<VisibilityConfiguration>,
    { userId = users.requester.id, by = users.administrator }: { userId?: string; by?: TestUser } = {},
  ) =>
    api.post(
      '/admin/visibility/explain',
      { userId, assetId, ...(changes && { configuration: { ...defaultVisibility, ...changes } }) },
      by,
    );
  return { ...api, explain, rule, groupId };
}

describe('POST /admin/visibility/explain', () => {
  test('says of every rendition whether the user may have it, and that a switch decided', async () => {
    const { explain, addAsset, switchVisibility, users } = await setup();
    const asset = await addAsset({ title: 'Boats', renditions: ['web'] });
    await switchVisibility({ originalsDownloadable: false });
    const answer = await explain(asset.assetId);
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        version: 1,
        user: { id: users.requester.id, name: users.requester.name, disabled: false },
        asset: { id: asset.assetId, title: 'Boats' },
        renditions: expect.arrayContaining([
          {
            id: asset.original.id,
            kind: 'original',
            name: 'original',
            title: null,
            state: 'ready',
            listed: false,
            allowed: false,
            reason: 'visibility.originals_off',
            decidedBy: 'switch',
            switch: { name: 'originalsDownloadable', on: false },
            rule: null,
            explanation: expect.stringMatching(/^Refused: downloads of originals are switched off/),
          },
          expect.objectContaining({
            name: 'web',
            listed: true,
            allowed: true,
            reason: null,
            decidedBy: 'switch',
            switch: { name: 'renditionsAvailable', on: true },
          }),
        ]),
      },
    ]);
  });

  test('names the rule for a group that allowed or denied, under a configuration that is only thought of', async () => {
    const { explain, addAsset, rule, groupId, get, users } = await setup();
    const { assetId } = await addAsset({ renditions: ['web', 'print'] });
    const groupRules = [rule('allow', { kinds: ['original'] }), rule('deny', { name: 'pr*' })];
    const { version, renditions } = (await explain(assetId, { originalsDownloadable: false, groupRules })).json();
    expect(version).toBeNull();
    const by = (wanted: string) => renditions.find(({ name }: { name: string }) => name === wanted);
    expect(by('original')).toMatchObject({
      allowed: true,
      decidedBy: 'rule',
      rule: { index: 0, groupId, groupName: 'Press', effect: 'allow', kinds: ['original'], name: null },
      explanation: expect.stringContaining('"Press"'),
    });
    expect(by('print')).toMatchObject({
      allowed: false,
      listed: false,
      reason: 'visibility.rule_denied',
      rule: { index: 1, effect: 'deny', name: 'pr*' },
    });
    expect(by('web')).toMatchObject({ allowed: true, decidedBy: 'switch' });
    expect((await get('/admin/visibility', users.administrator)).json().version).toBe(0);
  });

  test('a configuration that leaves rules out is thought of with those in force', async () => {
    const { explain, addAsset, rule, app, users } = await setup();
    const { assetId } = await addAsset({ renditions: ['web'] });
    const { headers } = users.administrator;
    const configuration = { ...defaultVisibility, groupRules: [rule('deny', { name: 'web' })] };
    await app.inject({ method: 'PUT', url: '/api/v1/admin/visibility', headers, payload: { configuration } });
    const { renditions } = (await explain(assetId, { groupRules: undefined })).json();
    expect(renditions.find(({ name }: { name: string }) => name === 'web')).toMatchObject({
      allowed: false,
      reason: 'visibility.rule_denied',
    });
  });

  test('shows what can be made on demand, and that it takes an entitlement', async () => {
    const { explain, addAsset, post, app, users, addUser } = await setup();
    const { assetId } = await addAsset();
    const preset = await post(
      '/admin/image-presets',
      { name: 'banner', title: 'Banner', parameters: { width: 8, height: 8 } },
      users.administrator,
    );
    await app.inject({
      method: 'PATCH',
      url: `/api/v1/admin/image-presets/${preset.json().id}`,
      headers: users.administrator.headers,
      payload: { approved: true },
    });
    const banner = async (userId?: string) =>
      (await explain(assetId, undefined, userId === undefined ? {} : { userId }))
        .json()
        .renditions.find(({ name }: { name: string }) => name === 'banner');
    expect(await banner()).toMatchObject({
      kind: 'dynamic',
      title: 'Banner',
      allowed: false,
      reason: 'rendition.not_entitled',
      decidedBy: 'entitlement',
    });
    const entitled = await addUser('requester', { dynamicRenditions: true });
    expect(await banner(entitled.id)).toMatchObject({ allowed: true, listed: true, decidedBy: 'switch' });
  });

  test.each([
    ['an asset that is not approved', { status: 'draft' as const }, 'asset.not_approved', 'asset', false],
    ['an asset that has expired', { expiresAt: new Date('2026-01-01') }, 'asset.expired', 'asset', false],
    ['a licence that is not accepted', { licensed: true }, 'licence.not_accepted', 'licence', true],
  ])('names what is in the way besides switches and rules: %s', async (_name, facts, reason, decidedBy, listed) => {
    const { explain, addAsset, addLicence } = await setup();
    const { licensed, ...asset } = { licensed: false, ...facts };
    const licence = licensed ? { licenceId: (await addLicence()).licenceId } : {};
    const { assetId } = await addAsset({ ...asset, ...licence });
    const [original] = (await explain(assetId)).json().renditions;
    expect(original).toMatchObject({ allowed: false, listed, reason, decidedBy, switch: null, rule: null });
    expect(original.explanation).toMatch(/\.$/);
  });

  test('a user or an asset that is not there, and a configuration that contradicts itself, are 400', async () => {
    const { explain, addAsset, rule } = await setup();
    const { assetId } = await addAsset();
    const paths = async (answer: ReturnType<typeof explain>) => {
      const { status, errors } = (await answer).json();
      return [status, errors.map(({ path }: { path: string }) => path)];
    };
    expect(await paths(explain(unknownId))).toEqual([400, ['/assetId']]);
    expect(await paths(explain(assetId, undefined, { userId: unknownId }))).toEqual([400, ['/userId']]);
    expect(await paths(explain(assetId, { groupRules: [rule('allow'), rule('deny')] }))).toEqual([
      400,
      ['/configuration/groupRules/1/effect'],
    ]);
  });

  test('is for administrators', async () => {
    const { explain, addAsset, users } = await setup();
    const { assetId } = await addAsset();
    expect((await explain(assetId, undefined, { by: users.requester })).statusCode).toBe(403);
  });
});
