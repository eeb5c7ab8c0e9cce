import { setClaimedGroups } from '@sheaf/db/groups/set-claimed-groups';
import { auditEvents } from '@sheaf/db/schema/evidence';
import { noQuota } from '@sheaf/domain/quota';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestUser } from '../../../../../../test/harness/api.ts';
import { setupDownloads } from '../../../../../../test/harness/downloads.ts';

const unknownId = '01900000-0000-7000-8000-000000000000';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { app, users, db, clock } = api;
  const call = (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object, user?: TestUser) =>
    app.inject({
      method,
      url: `/api/v1/admin/groups${url}`,
      headers: (user ?? users.administrator).headers,
      ...(payload && { payload }),
    });
  return {
    ...api,
    call,
    add: async (fields: object): Promise<string> => (await call('POST', '', fields)).json().id,
    /** As a sign-in by the identity provider does. */
    claim: (userId: string, claims: string[]) => db.transaction((tx) => setClaimedGroups(tx, userId, claims, clock())),
    audit: async () =>
      (await db.orm.select().from(auditEvents))
        .sort((a, b) => a.seq - b.seq)
        .filter(({ action }) => action.startsWith('group.'))
        .map(({ action, actorId, record }) => ({ action, actorId, detail: factsOf(record) })),
  };
}

describe('/admin/groups', () => {
  test('201: a group with all its fields, found in the list and by its id', async () => {
    const { call, clock } = await setup();
    const quota = { bytes: 5, periodHours: 24, concurrentDownloads: null, assetsPerDownload: 3 };
    const fields = { name: '  Agency ', claim: 'sheaf-agency', dynamicRenditions: true, quota };
    const answer = await call('POST', '', fields);
    const now = clock().toISOString();
    const group = { ...fields, id: answer.json().id, name: 'Agency', members: 0, createdAt: now, updatedAt: now };
    expect([answer.statusCode, answer.headers.location, answer.json()]).toEqual([
      201,
      `/api/v1/admin/groups/${group.id}`,
      group,
    ]);
    expect((await call('GET', `/${group.id}`)).json()).toEqual(group);
    await call('POST', '', { name: 'Other' });
    expect((await call('GET', '?q=gEnC')).json()).toEqual({ items: [group], nextCursor: null });
    const first = (await call('GET', '?limit=1')).json();
    expect(first.items).toMatchObject([{ name: 'Other', claim: null, dynamicRenditions: false, quota: null }]);
    expect((await call('GET', `?limit=1&cursor=${first.nextCursor}`)).json()).toEqual({
      items: [group],
      nextCursor: null,
    });
  });

  test('409: a name is taken in every case of its letters, and a claim exactly', async () => {
    const { call, add } = await setup();
    const id = await add({ name: 'Ärzte', claim: 'a' });
    const other = await add({ name: 'Other' });
    for (const answer of [
      await call('POST', '', { name: 'äRZTE' }),
      await call('PATCH', `/${other}`, { name: 'ärzte ' }),
    ]) {
      expect([answer.statusCode, answer.json().code, answer.json().errors]).toEqual([
        409,
        'resource.conflict',
        [{ path: '/name', message: 'is taken by another group' }],
      ]);
    }
    expect((await call('PATCH', `/${other}`, { claim: 'a' })).json().errors).toMatchObject([{ path: '/claim' }]);
    expect((await call('PATCH', `/${other}`, { claim: 'A' })).statusCode).toBe(200);
    expect((await call('PATCH', `/${id}`, { name: 'ÄRZTE' })).statusCode).toBe(200);
  });

  test('200: what a change does not name stays as it is; a quota can be taken away', async () => {
    const { call, add } = await setup();
    const id = await add({ name: 'Agency', claim: 'c', quota: { ...noQuota, bytes: 1 } });
    expect((await call('PATCH', `/${id}`, { dynamicRenditions: true })).json()).toMatchObject({
      name: 'Agency',
      claim: 'c',
      dynamicRenditions: true,
      quota: { bytes: 1 },
    });
    expect((await call('PATCH', `/${id}`, { quota: null })).json()).toMatchObject({ quota: null, claim: 'c' });
  });

  test.each([
    ['no name', {}, '/name'],
    ['a blank name', { name: ' ' }, '/name'],
    ['an unknown field', { name: 'A', other: 1 }, '/other'],
    ['a quota below nothing', { name: 'A', quota: { ...noQuota, bytes: -1 } }, '/quota'],
    ['a quota without a period', { name: 'A', quota: { ...noQuota, periodHours: 0 } }, '/quota'],
  ])('400: %s', async (_name, payload, path) => {
    const { call } = await setup();
    const answer = await call('POST', '', payload);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
    expect(answer.json().errors[0].path).toMatch(path);
  });

  test('401 and 403: for administrators only; 404: for a group that is not there', async () => {
    const { call, app, users, add } = await setup();
    const id = await add({ name: 'Agency' });
    const operations = [
      ['GET', ''],
      ['POST', '', { name: 'B' }],
      ['GET', `/${id}`],
      ['PATCH', `/${id}`, { name: 'B' }],
      ['DELETE', `/${id}`],
      ['GET', `/${id}/members`],
      ['PUT', `/${id}/members/${users.other.id}`],
      ['DELETE', `/${id}/members/${users.other.id}`],
    ] as const;
    for (const [method, url, payload] of operations) {
      expect((await call(method, url, payload, users.contributor)).statusCode, `${method} ${url}`).toBe(403);
      expect((await app.inject({ method, url: `/api/v1/admin/groups${url}` })).statusCode).toBe(401);
      if (!url.includes(id)) continue;
      expect((await call(method, url.replace(id, unknownId), payload)).statusCode, `${method} ${url}`).toBe(404);
    }
    expect((await call('PUT', `/${id}/members/${unknownId}`)).statusCode).toBe(404);
  });

  test('204: a group goes with its memberships; 409 as long as a rule in force is about it', async () => {
    const { call, add, users, switchVisibility } = await setup();
    const id = await add({ name: 'Agency' });
    await call('PUT', `/${id}/members/${users.other.id}`);
    await switchVisibility({ groupRules: [{ groupId: id, effect: 'deny', kinds: ['original'], name: 'web*' }] });
    const refused = await call('DELETE', `/${id}`);
    expect([refused.statusCode, refused.json()]).toMatchObject([
      409,
      { code: 'resource.conflict', state: { rule: { index: 0, groupId: id, effect: 'deny' } } },
    ]);
    expect(refused.json().detail).toContain('Rule 1 of the visibility configuration');
    expect((await call('GET', `/${id}`)).json().members).toBe(1);
    await switchVisibility({ groupRules: [] });
    expect((await call('DELETE', `/${id}`)).statusCode).toBe(204);
    expect((await call('GET', `/${id}`)).statusCode).toBe(404);
    expect((await call('DELETE', `/${id}`)).statusCode).toBe(404);
  });

  test('every change is in the audit log with what was before and after', async () => {
    const { call, add, users, audit } = await setup();
    const groupId = await add({ name: 'Agency' });
    await call('PATCH', `/${groupId}`, { name: 'Partners', dynamicRenditions: true });
    await call('PUT', `/${groupId}/members/${users.other.id}`);
    await call('PUT', `/${groupId}/members/${users.other.id}`);
    await call('DELETE', `/${groupId}/members/${users.other.id}`);
    await call('DELETE', `/${groupId}`);
    const before = { name: 'Agency', claim: null, dynamicRenditions: false, quota: null };
    const after = { ...before, name: 'Partners', dynamicRenditions: true };
    const userId = users.other.id;
    const events = await audit();
    expect(new Set(events.map(({ actorId }) => actorId))).toEqual(new Set([users.administrator.id]));
    expect(events.map(({ action, detail }) => [action, detail])).toEqual([
      ['group.created', { groupId, after: before }],
      ['group.changed', { groupId, before, after }],
      ['group.changed', { groupId, userId, before: { membership: 'none' }, after: { membership: 'member' } }],
      ['group.changed', { groupId, userId, before: { membership: 'member' }, after: { membership: 'none' } }],
      ['group.deleted', { groupId, before: { ...after, members: 0 } }],
    ]);
  });
});

describe('members', () => {
  test('are put in by hand and taken out, and have the entitlement of the group meanwhile', async () => {
    const { call, add, users, get } = await setup();
    const id = await add({ name: 'Agency', dynamicRenditions: true });
    const me = async () => (await get('/me', users.other)).json();
    expect(await me()).toMatchObject({ dynamicRenditions: false, groups: [] });
    expect((await call('PUT', `/${id}/members/${users.other.id}`)).statusCode).toBe(204);
    expect((await call('PUT', `/${id}/members/${users.other.id}`)).statusCode).toBe(204);
    expect(await me()).toMatchObject({ dynamicRenditions: true, groups: [{ id, name: 'Agency' }] });
    expect((await call('GET', `/${id}/members`)).json()).toEqual({
      items: [
        {
          id: users.other.id,
          email: 'other@example.com',
          name: 'other',
          role: 'requester',
          disabled: false,
          sources: ['manual'],
        },
      ],
      nextCursor: null,
    });
    expect((await call('DELETE', `/${id}/members/${users.other.id}`)).statusCode).toBe(204);
    expect((await call('DELETE', `/${id}/members/${users.other.id}`)).statusCode).toBe(404);
    expect(await me()).toMatchObject({ dynamicRenditions: false, groups: [] });
  });

  test('409: a member by claim cannot be taken out by hand, and is told why', async () => {
    const { call, add, claim, users } = await setup();
    const id = await add({ name: 'Agency', claim: 'agency' });
    await call('PUT', `/${id}/members/${users.other.id}`);
    expect(await claim(users.other.id, ['agency', 'elsewhere'])).toEqual(['Agency']);
    const refused = await call('DELETE', `/${id}/members/${users.other.id}`);
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'resource.conflict']);
    expect(refused.json().detail).toContain('identity provider');
    expect((await call('GET', `/${id}/members`)).json().items).toMatchObject([{ sources: ['claim', 'manual'] }]);
    expect((await call('GET', `/${id}`)).json().members).toBe(1);
    await claim(users.other.id, []);
    expect((await call('DELETE', `/${id}/members/${users.other.id}`)).statusCode).toBe(204);
  });

  test.each(['new', null])(
    'stay under a changed claim (%j) until their next sign-in decides by it',
    async (changed) => {
      const { call, add, claim, users } = await setup();
      const id = await add({ name: 'Agency', claim: 'old' });
      const members = async () =>
        (await call('GET', `/${id}/members`)).json().items.map((member: { id: string }) => member.id);
      await claim(users.other.id, ['old']);
      await claim(users.contributor.id, ['old']);
      await call('PUT', `/${id}/members/${users.requester.id}`);
      const all = [users.requester.id, users.other.id, users.contributor.id].sort();
      expect((await call('PATCH', `/${id}`, { claim: changed })).json()).toMatchObject({ claim: changed, members: 3 });
      expect((await members()).sort()).toEqual(all);
      await claim(users.other.id, ['old']);
      await claim(users.requester.id, ['old']);
      expect((await members()).sort()).toEqual(all.filter((userId) => userId !== users.other.id));
      await claim(users.other.id, ['old', 'new']);
      expect((await members()).includes(users.other.id)).toBe(changed === 'new');
    },
  );

  test('are paged', async () => {
    const { call, add, users } = await setup();
    const id = await add({ name: 'Agency' });
    const ids = [users.requester, users.other, users.contributor].map((user) => user.id).sort();
    for (const userId of ids) await call('PUT', `/${id}/members/${userId}`);
    const first = (await call('GET', `/${id}/members?limit=2`)).json();
    const second = (await call('GET', `/${id}/members?limit=2&cursor=${first.nextCursor}`)).json();
    expect([...first.items, ...second.items].map((item: { id: string }) => item.id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });
});

function factsOf(record: string): object {
  const { requestId: _, ...facts } = JSON.parse(record).detail;
  return facts;
}
