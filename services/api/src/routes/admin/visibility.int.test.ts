import { insertGroup } from '@sheaf/db/groups/insert-group';
import { auditEvents } from '@sheaf/db/schema/evidence';
import { defaultVisibility } from '@sheaf/domain/visibility-configuration';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestUser } from '../../../../../test/harness/api.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const { app, users } = api;
  const url = '/api/v1/admin/visibility';
  const get = (user: TestUser = users.administrator) => app.inject({ url, headers: user.headers });
  const put = (payload: object, user: TestUser = users.administrator) =>
    app.inject({ method: 'PUT', url, headers: user.headers, payload });
  const addGroup = (name: string) =>
    insertGroup(api.db.orm, { name, claim: null, dynamicRenditions: false, quota: null }, api.clock());
  return { ...api, get, put, addGroup };
}

describe('/admin/visibility', () => {
  test('begins with the defaults, by nobody', async () => {
    const { get } = await setup();
    expect((await get()).json()).toEqual({
      version: 0,
      configuration: defaultVisibility,
      rolledBackTo: null,
      changedBy: null,
      changedAt: null,
    });
  });

  test('every change is a version, with who and when', async () => {
    const { get, put, users, clock, db } = await setup();
    const configuration = { ...defaultVisibility, originalsDownloadable: false };
    const answer = await put({ configuration });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        version: 1,
        configuration,
        rolledBackTo: null,
        changedBy: { id: users.administrator.id, name: 'administrator' },
        changedAt: clock().toISOString(),
      },
    ]);
    await put({ configuration: defaultVisibility });
    expect((await get()).json()).toMatchObject({ version: 2, configuration: defaultVisibility });
    expect(await db.orm.query.visibilityVersions.findMany()).toHaveLength(2);
  });

  test('a change made from an older version is a conflict, also when both come at once', async () => {
    const { put, db } = await setup();
    const change = { version: 0, configuration: defaultVisibility };
    const answers = await Promise.all([put(change), put(change), put(change)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
    expect(await db.orm.query.visibilityVersions.findMany()).toHaveLength(1);
  });

  test('is for administrators', async () => {
    const { get, put, users } = await setup();
    for (const user of [users.requester, users.contributor]) {
      expect((await get(user)).json()).toMatchObject({ status: 403, code: 'auth.forbidden' });
      expect((await put({ configuration: defaultVisibility }, user)).statusCode).toBe(403);
    }
  });

  test.each([
    ['a switch left out', { ...defaultVisibility, autoApproval: undefined }, '/configuration/autoApproval'],
    ['an unknown switch', { ...defaultVisibility, other: true }, '/configuration/other'],
    ['a limit of nothing', { ...defaultVisibility, maxAssetsPerDownload: 0 }, '/configuration/maxAssetsPerDownload'],
    ['nothing that may run', { ...defaultVisibility, runningPerRequester: 0 }, '/configuration/runningPerRequester'],
    [
      'rule 8: expired assets downloadable but not visible',
      { ...defaultVisibility, expiredDownloadable: true },
      '/configuration/expiredDownloadable',
    ],
    [
      'a background limit of nothing',
      { ...defaultVisibility, background: { maxAssets: 0, maxBytes: 1, maxSeconds: 1 } },
      '/configuration/background/maxAssets',
    ],
    [
      'a quota over no time',
      { ...defaultVisibility, quota: { ...defaultVisibility.quota, periodHours: 0 } },
      '/configuration/quota/periodHours',
    ],
    [
      'another way to accept licences',
      { ...defaultVisibility, licenceAcceptance: 'never' },
      '/configuration/licenceAcceptance',
    ],
    [
      'a rule for a group that is not there',
      { ...defaultVisibility, groupRules: [{ groupId: unknownId, effect: 'deny', kinds: [], name: null }] },
      '/configuration/groupRules/0/groupId',
    ],
    [
      'a rule about a kind that is none',
      { ...defaultVisibility, groupRules: [{ groupId: unknownId, effect: 'deny', kinds: ['video'], name: null }] },
      '/configuration/groupRules/0/kinds/0',
    ],
  ])('%s is refused and changes nothing', async (_name, configuration, path) => {
    const { put, db } = await setup();
    const answer = await put({ configuration });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
    expect(answer.json().errors).toMatchObject([{ path }]);
    expect(await db.orm.query.visibilityVersions.findMany()).toEqual([]);
  });

  test('every switch and setting can be changed, the choice of rendition names for several assets among them', async () => {
    const { get, put, addGroup } = await setup();
    const configuration = {
      renditionsAvailable: false,
      originalsDownloadable: false,
      expiredVisible: true,
      expiredDownloadable: true,
      autoApproval: true,
      multiSelectRenditionNames: true,
      groupRules: [{ groupId: await addGroup('Press'), effect: 'allow', kinds: ['static'], name: 'web-*' }],
      licenceAcceptance: 'per-download',
      quota: { bytes: 1, periodHours: 2, concurrentDownloads: 3, assetsPerDownload: 4 },
      background: { maxAssets: 1, maxBytes: 2, maxSeconds: 3 },
      runningPerRequester: 7,
      maxAssetsPerDownload: 4,
      expiringWithinDays: 5,
      linkTtlHours: 6,
    };
    expect((await put({ configuration })).statusCode).toBe(200);
    expect((await get()).json().configuration).toEqual(configuration);
  });

  test('a client that does not know of rules, acceptances and quotas changes none of them', async () => {
    const { put, addGroup } = await setup();
    const { groupRules: _rules, licenceAcceptance: _acceptance, quota: _quota, ...known } = defaultVisibility;
    expect((await put({ configuration: known })).json().configuration).toEqual(defaultVisibility);
    const later = {
      groupRules: [{ groupId: await addGroup('Press'), effect: 'deny', kinds: [], name: null }],
      licenceAcceptance: 'per-download',
      quota: { bytes: 1, periodHours: 2, concurrentDownloads: 3, assetsPerDownload: 4 },
    };
    await put({ configuration: { ...known, ...later } });
    const changed = await put({ configuration: { ...known, linkTtlHours: 1 } });
    expect(changed.json().configuration).toEqual({ ...known, ...later, linkTtlHours: 1 });
  });

  test('rules are removed by an empty list', async () => {
    const { put, addGroup } = await setup();
    const groupRules = [{ groupId: await addGroup('Press'), effect: 'deny', kinds: [], name: null }];
    await put({ configuration: { ...defaultVisibility, groupRules } });
    const answer = await put({ configuration: { ...defaultVisibility, groupRules: [] } });
    expect(answer.json().configuration.groupRules).toEqual([]);
  });

  test('contradictions among the rules for groups are told all at once, each with its place', async () => {
    const { put, db, addGroup } = await setup();
    const groupId = await addGroup('Press');
    const rule = { groupId, effect: 'allow', kinds: ['static'], name: 'web' };
    const groupRules = [rule, { ...rule, groupId: unknownId }, { ...rule, effect: 'deny' }, rule];
    const answer = await put({ configuration: { ...defaultVisibility, expiredDownloadable: true, groupRules } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors.map(({ path }: { path: string }) => path)).toEqual([
      '/configuration/expiredDownloadable',
      '/configuration/groupRules/1/groupId',
      '/configuration/groupRules/2/effect',
      '/configuration/groupRules/3',
    ]);
    expect(await db.orm.query.visibilityVersions.findMany()).toEqual([]);
  });

  test('rules may overlap, and name a group in either case', async () => {
    const { put, addGroup } = await setup();
    const groupId = await addGroup('Press');
    const groupRules = [
      { groupId, effect: 'allow', kinds: ['static'], name: 'web' },
      { groupId: groupId.toUpperCase(), effect: 'deny', kinds: [], name: 'w*' },
    ];
    const answer = await put({ configuration: { ...defaultVisibility, groupRules } });
    expect(answer.json().configuration.groupRules[1].groupId).toBe(groupId);
  });

  test('a change is in the audit log with what it changed; one that is refused is not', async () => {
    const { put, db, users } = await setup();
    await put({ configuration: { ...defaultVisibility, linkTtlHours: 1 } });
    await put({ version: 0, configuration: defaultVisibility });
    await put({ configuration: { ...defaultVisibility, expiredDownloadable: true } });
    const events = await db.orm.select().from(auditEvents);
    expect(events.map(({ record }) => JSON.parse(record))).toMatchObject([
      {
        action: 'visibility.changed',
        actorId: users.administrator.id,
        ipAddress: '127.0.0.1',
        detail: { version: 1, rolledBackTo: null, changes: [{ field: 'linkTtlHours', before: 168, after: 1 }] },
      },
    ]);
  });
});
