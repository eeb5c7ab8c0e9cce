import { deleteAsset } from '@sheaf/db/catalogue/delete-asset';
import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { createDatabase } from '@sheaf/db/database';
import { addMember } from '@sheaf/db/groups/add-member';
import { insertGroup } from '@sheaf/db/groups/insert-group';
import { removeMember } from '@sheaf/db/groups/remove-member';
import { insertPreset } from '@sheaf/db/presets/insert-preset';
import { parametersKey } from '@sheaf/db/presets/parameters-key';
import { updatePreset } from '@sheaf/db/presets/update-preset';
import { recordStatements } from '@sheaf/db/testing/record-statements';
import { updateAccount } from '@sheaf/db/users/update-account';
import { completeParameters } from '@sheaf/domain/complete-parameters';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupStreamed, type TestStreamed } from '../../../../../test/harness/publish-streamed.ts';
import type { App } from '../../api-deps.ts';
import { buildApp } from '../../build-app.ts';

const hour = 3_600_000;

/** A streamed download of a licensed asset and a plain one, and two processes that serve it. */
async function setup() {
  const api = await setupStreamed();
  const { requester } = api.users;
  const group = { name: 'Agencies', claim: null, quota: null, dynamicRenditions: false };
  const groupId = await insertGroup(api.db.orm, group, api.clock());
  const licence = await api.addLicence();
  const licensed = await api.addAsset({ title: 'Licensed', licenceId: licence.licenceId, renditions: ['web'] });
  const plain = await api.addAsset({ title: 'Plain' });
  const assetIds = [licensed.assetId, plain.assetId];
  const downloadId = await api.request(assetIds, { acceptLicences: [licence] });
  const { token } = await api.publishStreamed(downloadId);
  const apps = [api.app, await secondProcess(api)];
  return {
    ...api,
    ...{ licence, licensed, plain, downloadId, groupId, requester, url: `/d/${token}` },
    /** What both processes say. */
    follow: (url = `/d/${token}`) => Promise.all(apps.map(async (app) => answerOf(app, url))),
  };
}

type Standing = Awaited<ReturnType<typeof setup>>;

async function secondProcess({ deps, databaseUrl }: TestStreamed): Promise<App> {
  const db = createDatabase(databaseUrl, { maxConnections: 2 });
  const app = await buildApp({ ...deps, db });
  onTestFinished(async () => {
    await app.close();
    await db.close();
  });
  return app;
}

async function answerOf(app: App, url: string) {
  const response = await app.inject({ url });
  return response.statusCode === 200 ? 200 : [response.statusCode, response.json().code];
}

/** How often some requests, answered one after the other, look at what is in a bundle. */
async function decisionsOf(api: TestStreamed, url: string, count: number): Promise<number> {
  const { statements } = await recordStatements(api.databaseUrl, async (orm) => {
    const app = await buildApp({ ...api.deps, db: { ...api.db, orm, prepared: orm } });
    for (let n = 0; n < count; n += 1) expect(await answerOf(app, url)).toBe(200);
    await app.accessRecorder.settled();
    await app.close();
  });
  const selecting = (table: string) => statements.filter((statement) => statement.includes(` from "${table}"`)).length;
  expect(selecting('links')).toBe(count);
  return selecting('download_items');
}

const refused = [410, 'download.assets_refused'];

test('a link is decided once for each change, and not at all where there was none since the request', async () => {
  const api = await setup();
  expect(await decisionsOf(api, api.url, 3)).toBe(0);

  const other = await api.addAsset();
  expect(await decisionsOf(api, api.url, 1)).toBe(0);

  await updateAsset(api.db.orm, other.assetId, { status: 'draft' }, api.clock());
  expect(await decisionsOf(api, api.url, 1)).toBe(1);
  expect(await decisionsOf(api, api.url, 3)).toBe(0);
});

const changes: { what: string; change(api: Standing): Promise<unknown>; undo(api: Standing): Promise<unknown> }[] = [
  {
    what: 'a licence is withdrawn',
    change: ({ db, licence, clock }) => updateLicence(db.orm, licence.licenceId, { approved: false }, clock()),
    undo: ({ db, licence, clock }) => updateLicence(db.orm, licence.licenceId, { approved: true }, clock()),
  },
  {
    what: 'an asset is a draft again',
    change: ({ db, plain, clock }) => updateAsset(db.orm, plain.assetId, { status: 'draft' }, clock()),
    undo: ({ db, plain, clock }) => updateAsset(db.orm, plain.assetId, { status: 'approved' }, clock()),
  },
  {
    what: 'an asset is deleted',
    change: ({ db, plain, clock }) => deleteAsset(db.orm, plain.assetId, clock()),
    undo: ({ db }) => db.orm.execute('update assets set deleted_at = null'),
  },
  {
    what: 'an asset has come to its end',
    change: ({ db, plain, clock }) => updateAsset(db.orm, plain.assetId, { expiresAt: clock() }, clock()),
    undo: ({ db, plain, clock }) => updateAsset(db.orm, plain.assetId, { expiresAt: null }, clock()),
  },
  {
    what: 'originals are switched off',
    change: ({ switchVisibility }) => switchVisibility({ originalsDownloadable: false }),
    undo: ({ switchVisibility }) => switchVisibility({ originalsDownloadable: true }),
  },
  {
    what: 'the owner comes into a group that may not have a rendition',
    async change({ db, groupId, requester, switchVisibility, follow, clock }) {
      await switchVisibility({ groupRules: [{ groupId, effect: 'deny', kinds: ['static'], name: 'w?b' }] });
      expect(await follow()).toEqual([200, 200]);
      await addMember(db.orm, groupId, requester.id, clock());
    },
    undo: ({ db, groupId, requester }) => removeMember(db.orm, groupId, requester.id),
  },
  {
    what: 'an acceptance is no longer there',
    change: ({ db }) => db.orm.execute('delete from acceptances'),
    undo: ({ db, licensed, clock }) => updateAsset(db.orm, licensed.assetId, { licenceId: null }, clock()),
  },
];

test.each(changes)('$what: refused by every process from the next GET on, and sent again once undone', async (each) => {
  const api = await setup();
  expect(await api.follow()).toEqual([200, 200]);

  await each.change(api);
  expect(await api.follow()).toEqual([refused, refused]);
  expect(await api.follow()).toEqual([refused, refused]);

  await each.undo(api);
  expect(await api.follow()).toEqual([200, 200]);
  expect(await decisionsOf(api, api.url, 1)).toBe(0);
});

test('an entitlement that is withdrawn: refused from the next GET on, and sent again once given back', async () => {
  const api = await setup();
  const user = await api.addUser('requester', { dynamicRenditions: true });
  const assetId = api.plain.assetId;
  await addApprovedPreset(api);
  const { renditions } = (await api.get(`/assets/${assetId}`, user)).json();
  const renditionIds = renditions.map(({ id }: { id: string }) => id);
  expect(renditionIds).toHaveLength(2);
  const { token } = await api.publishStreamed(await api.request([assetId], { renditionIds }, user), user);
  const entitle = (dynamicRenditions: boolean) =>
    updateAccount(api.db.orm, user.id, { dynamicRenditions }, api.clock());
  expect(await api.follow(`/d/${token}`)).toEqual([200, 200]);

  await entitle(false);
  expect(await api.follow(`/d/${token}`)).toEqual([refused, refused]);

  await entitle(true);
  expect(await api.follow(`/d/${token}`)).toEqual([200, 200]);
});

test('a change that is committed after a GET which did not see it is obeyed at the next one', async () => {
  const api = await setup();
  await api.db.transaction(async (tx) => {
    await updateLicence(tx, api.licence.licenceId, { approved: false }, api.clock());
    // Something else is committed meanwhile, so that the link is decided anew, without the change that is still open.
    await api.switchVisibility({ expiredVisible: true });
    expect(await api.follow()).toEqual([200, 200]);
    expect(await decisionsOf(api, api.url, 1)).toBe(0);
  });
  expect(await api.follow()).toEqual([refused, refused]);
});

describe('an end that comes with time is obeyed although nothing is committed then', () => {
  test.each(['asset', 'licence'])('of its first %s, set after the bundle was made', async (what) => {
    const api = await setup();
    const end = new Date(api.clock().getTime() + 24 * hour);
    if (what === 'asset') await updateAsset(api.db.orm, api.plain.assetId, { expiresAt: end }, api.clock());
    else await updateLicence(api.db.orm, api.licence.licenceId, { expiresAt: end }, api.clock());
    expect(await api.follow()).toEqual([200, 200]);

    api.clock.set(new Date(end.getTime() - 1));
    expect(await decisionsOf(api, api.url, 1)).toBe(0);
    api.clock.set(end);
    expect(await api.follow()).toEqual([refused, refused]);
    await api.tidyUp();
    expect(await api.follow()).toEqual([refused, refused]);
  });

  test('of an asset that was to end when the bundle was made: the bundle ends with it', async () => {
    const api = await setup();
    const end = new Date(api.clock().getTime() + 24 * hour);
    const ending = await api.addAsset({ expiresAt: end });
    const { token } = await api.publishStreamed(await api.request([ending.assetId, api.plain.assetId]));
    api.clock.set(new Date(end.getTime() - 1));
    expect(await api.follow(`/d/${token}`)).toEqual([200, 200]);
    api.clock.set(end);
    expect(await api.follow(`/d/${token}`)).toEqual(Array(2).fill([410, 'link.expired']));
  });

  test('an asset that may be had beyond its end is sent then, and decided once more for it', async () => {
    const api = await setup();
    await api.switchVisibility({ expiredVisible: true, expiredDownloadable: true });
    const end = new Date(api.clock().getTime() + 24 * hour);
    await updateAsset(api.db.orm, api.plain.assetId, { expiresAt: end }, api.clock());
    expect(await decisionsOf(api, api.url, 2)).toBe(1);
    api.clock.set(end);
    expect(await decisionsOf(api, api.url, 2)).toBe(1);
  });
});

async function addApprovedPreset({ db, users, clock }: TestStreamed): Promise<void> {
  const parameters = completeParameters({ width: 5, height: 5 });
  const named = { name: 'square', title: 'Square' };
  const definitions = [{ ...named, parameters, parametersKey: parametersKey(parameters) }];
  const by = { createdBy: users.administrator.id, createdAt: clock() };
  const presetId = await insertPreset(db.orm, { kind: 'dynamic', ...named, definitions, ...by });
  await updatePreset(db.orm, presetId, { approved: true }, clock());
}
