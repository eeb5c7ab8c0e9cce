import { deleteAsset } from '@sheaf/db/catalogue/delete-asset';
import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { addMember } from '@sheaf/db/groups/add-member';
import { insertGroup } from '@sheaf/db/groups/insert-group';
import { removeMember } from '@sheaf/db/groups/remove-member';
import { insertPreset } from '@sheaf/db/presets/insert-preset';
import { parametersKey } from '@sheaf/db/presets/parameters-key';
import { updatePreset } from '@sheaf/db/presets/update-preset';
import { updateAccount } from '@sheaf/db/users/update-account';
import { completeParameters } from '@sheaf/domain/complete-parameters';
import { expect, test } from 'vitest';
import type { TestUser } from './harness/api.ts';
import { setupSteps, type TestSteps } from './harness/steps.ts';

/** A request that is allowed, and how it ceases to be. */
interface Revocable {
  user: TestUser;
  body: object;
  /** A file of it that can no longer be had. */
  file: { assetId: string; renditionId: string };
  revoke(): Promise<unknown>;
}

interface Revocation {
  what: string;
  reason: string;
  /** At the link, where it differs: a bundle tells of a file that elsewhere no longer exists. */
  reasonAtLink?: string;
  /** Whether the file's URL says that there is no such file, instead of telling the reason. */
  hidesFile?: true;
  prepare(api: TestSteps): Promise<Revocable>;
}

const revocations: Revocation[] = [
  {
    what: 'an approval withdrawn from an asset',
    reason: 'asset.not_found',
    hidesFile: true,
    prepare: (api) => plain(api, (assetId) => updateAsset(api.db.orm, assetId, { status: 'draft' }, api.clock())),
  },
  {
    what: 'an asset deleted',
    reason: 'asset.not_found',
    hidesFile: true,
    prepare: (api) => plain(api, (assetId) => deleteAsset(api.db.orm, assetId, api.clock())),
  },
  {
    what: 'an asset expired',
    reason: 'asset.expired',
    prepare: async (api) => {
      await api.switchVisibility({ expiredVisible: true });
      return plain(api, (assetId) => updateAsset(api.db.orm, assetId, { expiresAt: api.clock() }, api.clock()));
    },
  },
  {
    what: 'a licence withdrawn',
    reason: 'licence.not_approved',
    prepare: (api) => licensed(api, () => ({ approved: false })),
  },
  {
    what: 'a licence replaced by a new version',
    reason: 'licence.changed',
    prepare: async (api) => {
      const { sha256 } = await api.addBlob(Buffer.from('other terms'));
      return licensed(api, () => ({ documentSha256: sha256 }));
    },
  },
  {
    what: 'an asset put under another licence',
    reason: 'licence.not_accepted',
    prepare: async (api) => {
      const { licenceId } = await api.addLicence();
      return plain(api, (assetId) => updateAsset(api.db.orm, assetId, { licenceId }, api.clock()));
    },
  },
  {
    what: 'a licence whose end was brought forward',
    reason: 'licence.not_approved',
    prepare: (api) => licensed(api, () => ({ expiresAt: api.clock() })),
  },
  {
    what: 'a rule that denies a group the rendition',
    reason: 'visibility.rule_denied',
    hidesFile: true,
    prepare: async (api) => {
      const groupId = await addGroup(api, api.users.requester, { dynamicRenditions: false });
      const rule = { groupId, effect: 'deny' as const, kinds: ['static' as const], name: 'w?b*' };
      return plain(api, () => api.switchVisibility({ groupRules: [rule] }), 'web');
    },
  },
  {
    what: 'originals switched off',
    reason: 'visibility.originals_off',
    hidesFile: true,
    prepare: (api) => plain(api, () => api.switchVisibility({ originalsDownloadable: false })),
  },
  {
    what: 'renditions switched off',
    reason: 'visibility.renditions_off',
    hidesFile: true,
    prepare: (api) => plain(api, () => api.switchVisibility({ renditionsAvailable: false }), 'web'),
  },
  {
    what: 'the entitlement to dynamic renditions withdrawn',
    reason: 'rendition.not_entitled',
    hidesFile: true,
    prepare: async (api) => {
      const user = await api.addUser('requester', { dynamicRenditions: true });
      return dynamic(api, user, () => updateAccount(api.db.orm, user.id, { dynamicRenditions: false }, api.clock()));
    },
  },
  {
    what: 'leaving the group that gave the entitlement to dynamic renditions',
    reason: 'rendition.not_entitled',
    hidesFile: true,
    prepare: async (api) => {
      const { requester } = api.users;
      const groupId = await addGroup(api, requester, { dynamicRenditions: true });
      return dynamic(api, requester, () => removeMember(api.db.orm, groupId, requester.id));
    },
  },
  {
    what: 'the approval of an image preset withdrawn',
    reason: 'rendition.none_available',
    reasonAtLink: 'rendition.not_approved',
    hidesFile: true,
    prepare: async (api) => {
      const user = await api.addUser('requester', { dynamicRenditions: true });
      return dynamic(api, user, (presetId) => updatePreset(api.db.orm, presetId, { approved: false }, api.clock()));
    },
  },
];

test.each(revocations)(
  '$what is obeyed at preflight, request, gathering, publishing and every GET of the link and of a file',
  async (revocation) => {
    const api = await setupSteps();
    const { user, body, file, revoke } = await revocation.prepare(api);
    const { reason, reasonAtLink = reason, hidesFile = false } = revocation;
    const fetchFile = () => api.get(`/assets/${file.assetId}/renditions/${file.renditionId}/content`, user);
    const preflight = async () => (await api.post('/downloads/preflight', body, user)).json();
    const shown = async (id: string) => (await api.get(`/downloads/${id}`, user)).json();
    const ask = async (): Promise<string> => {
      const response = await api.post('/downloads', body, user);
      expect(response.statusCode, response.body).toBe(202);
      return response.json().id;
    };
    const [requested, gathered, published] = [await ask(), await ask(), await ask()];
    await api.takeStep.gather(gathered);
    await api.takeStep.gather(published);
    await api.takeStep.pack(published);
    expect([(await shown(gathered)).state, (await shown(published)).state]).toEqual(['packing', 'ready']);
    const link: string = (await shown(published)).bundle.parts[0].url;
    expect((await api.app.inject({ url: link })).statusCode).toBe(200);
    expect((await fetchFile()).statusCode).toBe(200);
    expect(await preflight()).toMatchObject({ verdict: 'allowed', outcomes: [{ outcome: 'included', reason: null }] });

    await revoke();

    expect(await preflight()).toMatchObject({ verdict: 'download.assets_refused', outcomes: [{ reason }] });
    const refused = await api.post('/downloads', body, user);
    expect([refused.statusCode, refused.json().code], refused.body).toEqual([422, 'download.assets_refused']);
    expect(refused.json().outcomes).toMatchObject([{ reason }]);

    await api.takeStep.gather(requested);
    await api.takeStep.pack(gathered);
    expect((await shown(gathered)).state).toBe('queued');
    await api.takeStep.gather(gathered);
    for (const id of [requested, gathered]) {
      expect(await shown(id)).toMatchObject({
        state: 'failed',
        bundle: null,
        error: { code: 'download.assets_refused' },
      });
      expect((await api.get(`/downloads/${id}/items`, user)).json().items).toMatchObject([{ reason }]);
    }

    const gone = await api.app.inject({ url: link });
    expect([gone.statusCode, gone.json().code], gone.body).toEqual([410, 'download.assets_refused']);
    expect(gone.json().outcomes).toMatchObject([{ outcome: 'excluded', reason: reasonAtLink, entries: [] }]);

    const kept = await fetchFile();
    const told = hidesFile ? [404, 'resource.not_found', undefined] : [403, 'auth.forbidden', reason];
    expect([kept.statusCode, kept.json().code, kept.json().reason], kept.body).toEqual(told);
  },
);

/** An original and the static rendition `web`, one of which ceases to be had. */
async function plain(
  api: TestSteps,
  revoke: (assetId: string) => Promise<unknown>,
  lost: 'original' | 'web' = 'original',
): Promise<Revocable> {
  const { assetId, original, renditions } = await api.addAsset({ renditions: ['web'] });
  return {
    user: api.users.requester,
    body: { assetIds: [assetId], renditions: 'originals-and-static' },
    file: { assetId, renditionId: lost === 'web' ? renditions[0]!.id : original.id },
    revoke: () => revoke(assetId),
  };
}

/** The same under a licence, which each request accepts. */
async function licensed(api: TestSteps, changes: () => Parameters<typeof updateLicence>[2]): Promise<Revocable> {
  const licence = await api.addLicence();
  const { assetId, original } = await api.addAsset({ licenceId: licence.licenceId, renditions: ['web'] });
  return {
    user: api.users.requester,
    body: { assetIds: [assetId], renditions: 'originals-and-static', acceptLicences: [licence] },
    file: { assetId, renditionId: original.id },
    revoke: () => api.db.transaction((tx) => updateLicence(tx, licence.licenceId, changes(), api.clock())),
  };
}

/** A rendition made on demand and the original, for a user who is entitled to it. */
async function dynamic(
  api: TestSteps,
  user: TestUser,
  revoke: (presetId: string) => Promise<unknown>,
): Promise<Revocable> {
  const { assetId, original } = await api.addAsset();
  const parameters = completeParameters({ width: 5, height: 5 });
  const definition = { name: 'square', title: 'Square', parameters, parametersKey: parametersKey(parameters) };
  const presetId = await insertPreset(api.db.orm, {
    kind: 'dynamic',
    name: 'square',
    title: 'Square',
    definitions: [definition],
    createdBy: user.id,
    createdAt: api.clock(),
  });
  await updatePreset(api.db.orm, presetId, { approved: true }, api.clock());
  const { renditions } = (await api.get(`/assets/${assetId}`, user)).json();
  const made = renditions.find(({ kind }: { kind: string }) => kind === 'dynamic');
  return {
    user,
    body: { assetIds: [assetId], renditionIds: [made.id, original.id] },
    file: { assetId, renditionId: made.id },
    revoke: () => revoke(presetId),
  };
}

async function addGroup(api: TestSteps, member: TestUser, fields: { dynamicRenditions: boolean }): Promise<string> {
  const group = { name: 'Agencies', claim: null, quota: null, ...fields };
  const groupId = await insertGroup(api.db.orm, group, api.clock());
  await addMember(api.db.orm, groupId, member.id, api.clock());
  return groupId;
}
