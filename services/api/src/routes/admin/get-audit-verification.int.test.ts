import { appendAuditEvents } from '@sheaf/db/audit/append-audit-event';
import { expect, onTestFinished, test } from 'vitest';
import { setupApi } from '../../../../../test/harness/api.ts';

const at = new Date('2026-03-04T05:06:07.089Z');

async function setup(events = 3) {
  const api = await setupApi();
  onTestFinished(api.close);
  const all = Array.from({ length: events }, (_, n) => ({ at, action: 'asset.changed' as const, detail: { n } }));
  if (events > 0) await appendAuditEvents(api.db.orm, all);
  const ask = (query = '', user = api.users.administrator) =>
    api.app.inject({ url: `/api/v1/admin/audit/verification${query}`, headers: user.headers });
  return { ...api, ask };
}

test('200: a log that nobody touched holds to its end, for auditors too', async () => {
  const { ask, users } = await setup();
  const answer = await ask('', users.auditor);
  expect(answer.statusCode, answer.body).toBe(200);
  expect(answer.json()).toEqual({
    head: expect.stringMatching(/^3:[0-9a-f]{64}$/),
    newest: 3,
    complete: true,
    fault: null,
  });
});

test('200: an empty log holds', async () => {
  const { ask } = await setup(0);
  expect((await ask()).json()).toEqual({ head: `0:${'0'.repeat(64)}`, newest: 0, complete: true, fault: null });
});

test('200: a log of more than one step says so, and the next step goes on from its head', async () => {
  const { ask } = await setup(10_002);
  const first = (await ask()).json();
  expect(first).toMatchObject({ newest: 10_002, complete: false, fault: null });
  expect(first.head).toMatch(/^10000:/);
  expect((await ask(`?from=${first.head}`)).json()).toMatchObject({ newest: 10_002, complete: true, fault: null });
});

test('200: names the first row that was changed, and what was cut off the end where its head was kept', async () => {
  const { ask, db } = await setup();
  const { head } = (await ask()).json();
  await db.orm.execute('alter table audit_events disable trigger user');
  await db.orm.execute('delete from audit_events where seq = 3');
  expect((await ask()).json()).toMatchObject({ complete: true, fault: null });
  expect((await ask(`?expect=${head}`)).json()).toMatchObject({ complete: false, fault: { seq: 3, kind: 'missing' } });
  await db.orm.execute(`update audit_events set record = '{}' where seq = 2`);
  expect((await ask()).json()).toMatchObject({ complete: false, fault: { seq: 2, kind: 'record' } });
});

test.each(['?from=3', '?from=x:y', `?from=99:${'0'.repeat(64)}`, '?expect=3', '?x=1'])('400: %s', async (query) => {
  const { ask } = await setup();
  expect((await ask(query)).json()).toMatchObject({ status: 400, code: 'input.invalid' });
});

test('401 and 403: for administrators and auditors only', async () => {
  const { ask, app, users } = await setup();
  expect((await app.inject('/api/v1/admin/audit/verification')).statusCode).toBe(401);
  for (const user of [users.requester, users.contributor]) expect((await ask('', user)).statusCode).toBe(403);
});
