import { defaultVisibility } from '@sheaf/domain/visibility-configuration';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestUser } from '../../../../../test/harness/api.ts';

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const { app, users } = api;
  const url = '/api/v1/admin/visibility';
  const get = (user: TestUser = users.administrator) => app.inject({ url, headers: user.headers });
  const put = (payload: object, user: TestUser = users.administrator) =>
    app.inject({ method: 'PUT', url, headers: user.headers, payload });
  return { ...api, get, put };
}

describe('/admin/visibility', () => {
  test('begins with the defaults, by nobody', async () => {
    const { get } = await setup();
    expect((await get()).json()).toEqual({
      version: 0,
      configuration: defaultVisibility,
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
    [
      'rule 8: expired assets downloadable but not visible',
      { ...defaultVisibility, expiredDownloadable: true },
      '/configuration/expiredDownloadable',
    ],
    [
      'a choice of rendition names, which this version does not have',
      { ...defaultVisibility, multiSelectRenditionNames: true },
      '/configuration/multiSelectRenditionNames',
    ],
  ])('%s is refused and changes nothing', async (_name, configuration, path) => {
    const { put, db } = await setup();
    const answer = await put({ configuration });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
    expect(answer.json().errors).toMatchObject([{ path }]);
    expect(await db.orm.query.visibilityVersions.findMany()).toEqual([]);
  });
});
