import { deleteAsset } from '@sheaf/db/catalogue/delete-asset';
import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { addMember } from '@sheaf/db/groups/add-member';
import { insertGroup } from '@sheaf/db/groups/insert-group';
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
  revoke(): Promise<unknown>;
}

interface Revocation {
  what: string;
  reason: string;
  /** At the link, where it differs: a bundle tells of a file that elsewhere no longer exists. */
  reasonAtLink?: string;
  prepare(api: TestSteps): Promise<Revocable>;
}

const revocations: Revocation[] = [
  {
    what: 'an approval withdrawn from an asset',
    reason: 'asset.not_found',
    prepare: (api) => plain(api, (assetId) => updateAsset(api.db.orm, assetId, { status: 'draft' }, api.clock())),
  },
  {
    what: 'an asset deleted',
    reason: 'asset.not_found',
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
    what: 'a rule that denies a group the rendition',
    reason: 'visibility.rule_denied',
    prepare: async (api) => {
      const fields = { name: 'Agencies', claim: null, dynamicRenditions: false, quota: null };
      const groupId = await insertGroup(api.db.orm, fields, api.clock());
      await addMember(api.db.orm, groupId, api.users.requester.id, api.clock());
      const rule = { groupId, effect: 'deny' as const, kinds: ['static' as const], name: 'w?b*' };
      return plain(api, () => api.switchVisibility({ groupRules: [rule] }));
    },
  },
  {
    what: 'originals switched off',
    reason: 'visibility.originals_off',
    prepare: (api) => plain(api, () => api.switchVisibility({ originalsDownloadable: false })),
  },
  {
    what: 'the entitlement to dynamic renditions withdrawn',
    reason: 'rendition.not_entitled',
    prepare: (api) =>
      dynamic(api, ({ user }) => updateAccount(api.db.orm, user.id, { dynamicRenditions: false }, api.clock())),
  },
  {
    what: 'the approval of an image preset withdrawn',
    reason: 'rendition.none_available',
    reasonAtLink: 'rendition.not_approved',
    prepare: (api) =>
      dynamic(api, ({ presetId }) => updatePreset(api.db.orm, presetId, { approved: false }, api.clock())),
  },
];

test.each(revocations)(
  '$what is obeyed at request, gathering, publishing and every GET of the link',
  async (revocation) => {
    const api = await setupSteps();
    const { user, body, revoke } = await revocation.prepare(api);
    const { reason, reasonAtLink = reason } = revocation;
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
    const preflight = await api.post('/downloads/preflight', body, user);
    expect(preflight.json()).toMatchObject({ verdict: 'allowed' });

    await revoke();

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
  },
);

/** An original and the static rendition `web`. */
async function plain(api: TestSteps, revoke: (assetId: string) => Promise<unknown>): Promise<Revocable> {
  const { assetId } = await api.addAsset({ renditions: ['web'] });
  return {
    user: api.users.requester,
    body: { assetIds: [assetId], renditions: 'originals-and-static' },
    revoke: () => revoke(assetId),
  };
}

/** The same under a licence, which each request accepts. */
async function licensed(api: TestSteps, changes: () => Parameters<typeof updateLicence>[2]): Promise<Revocable> {
  const licence = await api.addLicence();
  const { assetId } = await api.addAsset({ licenceId: licence.licenceId, renditions: ['web'] });
  return {
    user: api.users.requester,
    body: { assetIds: [assetId], renditions: 'originals-and-static', acceptLicences: [licence] },
    revoke: () => api.db.transaction((tx) => updateLicence(tx, licence.licenceId, changes(), api.clock())),
  };
}

/** A rendition made on demand and the original, for a user who is entitled to it. */
async function dynamic(
  api: TestSteps,
  revoke: (subject: { user: TestUser; presetId: string }) => Promise<unknown>,
): Promise<Revocable> {
  const user = await api.addUser('requester', { dynamicRenditions: true });
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
    revoke: () => revoke({ user, presetId }),
  };
}
