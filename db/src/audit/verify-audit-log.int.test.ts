import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { createDatabase } from '../database.ts';
import { appendAuditEvents } from './append-audit-event.ts';
import { chainStart, formatChainPoint, parseChainPoint } from './audit-chain.ts';
import { type AuditQuestion, verifyAuditLog } from './verify-audit-log.ts';

const at = new Date('2026-03-04T05:06:07.089Z');
const actorId = '01900000-0000-7000-8000-00000000000A';

/** A log of six events, and somebody who may do anything to it. */
async function setup(count = 6) {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const db = createDatabase(url, { maxConnections: 2 });
  onTestFinished(() => db.close());
  const append = (times: number) =>
    appendAuditEvents(
      db.orm,
      Array.from({ length: times }, (_, n) => ({ at, actorId, action: 'asset.changed', detail: { n, ä: '😀' } })),
    );
  await append(count);
  await db.orm.execute(sql`alter table audit_events disable trigger user`);
  const verify = (question?: AuditQuestion) => verifyAuditLog(db.orm, question);
  return {
    append,
    verify,
    alter: (statement: string) => db.orm.execute(sql.raw(statement)),
    fault: async (question?: AuditQuestion) => {
      const { fault } = await verify(question);
      return fault && [fault.seq, fault.kind, fault.message];
    },
  };
}

test('a log that nobody touched holds, and its head is the last row', async () => {
  const { verify, alter } = await setup();
  const [last] = await alter('select hash from audit_events where seq = 6');
  expect(await verify()).toEqual({ rows: 6, head: { seq: 6, hash: last?.hash }, fault: null });
});

test('an empty log holds', async () => {
  const { verify } = await setup(0);
  expect(await verify()).toEqual({ rows: 0, head: chainStart, fault: null });
});

test('a log of several pages holds', async () => {
  const { verify } = await setup(4_001);
  expect(await verify()).toMatchObject({ rows: 4_001, fault: null });
});

const rehash = (seq: number) =>
  `update audit_events set hash = sha256(previous_hash || convert_to(seq::text || E'\\n' || record, 'UTF8')) where seq = ${seq}`;
const insert = (seq: number) =>
  `insert into audit_events (seq, at, action, record, previous_hash, hash)
   select ${seq}, at, action, record, hash, hash from audit_events where seq = 1`;

test.each<[string, string[], number, string, string]>([
  [
    'a record',
    [`update audit_events set record = replace(record, '"n":2', '"n":9') where seq = 3`],
    3,
    'record',
    'its record is not the one that its hash was computed from',
  ],
  [
    'a record, with its hash computed anew',
    [`update audit_events set record = replace(record, '"n":2', '"n":9') where seq = 3`, rehash(3)],
    3,
    'record',
    'its record was changed and its hash computed anew: row 4 follows another row 3',
  ],
  [
    'a record into what is no event, its hash computed anew',
    [`update audit_events set record = '[' where seq = 6`, rehash(6)],
    6,
    'record',
    'its record is not an event',
  ],
  [
    'a hash',
    [`update audit_events set hash = sha256('') where seq = 3`],
    3,
    'record',
    'its record is not the one that its hash was computed from',
  ],
  [
    'columns that are searched',
    [`update audit_events set actor_id = null, at = at + interval '1 ms', action = 'key.created' where seq = 3`],
    3,
    'column',
    'at, actorId, action changed: not what its record says',
  ],
  [
    'the hash of its predecessor in a row',
    [`update audit_events set previous_hash = sha256('') where seq = 3`],
    3,
    'column',
    'previousHash changed: not what its record says',
  ],
  ['a row in the middle: deleted', ['delete from audit_events where seq = 3'], 3, 'missing', 'the row is missing'],
  ['the first rows: deleted', ['delete from audit_events where seq < 3'], 1, 'missing', 'rows 1 to 2 are missing'],
  [
    'a row in the middle: deleted, and those after it moved up',
    [
      'delete from audit_events where seq = 3',
      'update audit_events set seq = -seq + 1 where seq > 3',
      'update audit_events set seq = -seq where seq < 0',
    ],
    3,
    'order',
    'what was written as row 4 stands here',
  ],
  [
    'two rows: swapped',
    [
      'update audit_events set seq = -seq where seq in (3, 5)',
      'update audit_events set seq = 8 + seq where seq in (-3, -5)',
    ],
    3,
    'order',
    'what was written as row 5 stands here',
  ],
  ['a row before the first one: added', [insert(0)], 0, 'order', 'a row before the first one was added'],
  [
    'a row after the last one: added',
    [insert(7)],
    7,
    'record',
    'its record is not the one that its hash was computed from',
  ],
])('altered afterwards, %s: the first row that is wrong is named', async (_what, statements, ...named) => {
  const { alter, fault } = await setup();
  for (const statement of statements) await alter(statement);
  expect(await fault()).toEqual(named);
});

test('rows deleted at the end show only against a head that was written down', async () => {
  const { verify, alter, fault } = await setup();
  const { head } = await verify();
  await alter('delete from audit_events where seq > 4');
  expect(await fault()).toBeNull();
  expect(await fault({ expect: head })).toEqual([5, 'missing', 'rows 5 to 6 are missing']);
  await alter('delete from audit_events');
  expect(await fault({ expect: head })).toEqual([1, 'missing', 'rows 1 to 6 are missing']);
});

test('a log written anew from some row on shows only against a head that was written down', async () => {
  const { verify, append, alter, fault } = await setup();
  const { head } = await verify();
  await alter('delete from audit_events where seq > 4');
  await append(5);
  expect(await fault()).toBeNull();
  expect(await fault({ expect: head })).toEqual([6, 'point', `it is not ${formatChainPoint(head)}`]);
});

test('a head that was written down holds after the log has grown', async () => {
  const { verify, append } = await setup();
  const { head } = await verify();
  await append(3);
  expect(await verify({ expect: head })).toMatchObject({ rows: 9, fault: null });
});

test('from a row on: only that row and what follows is looked at', async () => {
  const { verify, append, alter, fault } = await setup();
  const { head } = await verify();
  await append(3);
  await alter(`update audit_events set record = '{}' where seq = 3`);
  expect(await verify({ from: head })).toMatchObject({ rows: 4, fault: null });
  expect(await fault({ from: { ...head, hash: Buffer.alloc(32) } })).toEqual([6, 'point', expect.any(String)]);
  expect(await fault({ from: { ...head, seq: 99 } })).toEqual([99, 'missing', 'the row is missing']);
  await alter(`update audit_events set record = '{}' where seq = 8`);
  expect(await fault({ from: head })).toEqual([8, 'record', expect.any(String)]);
});

test('a point of the chain reads as it was written, and nothing else does', () => {
  const point = { seq: 12, hash: Buffer.alloc(32, 0xab) };
  expect(parseChainPoint(formatChainPoint(point))).toEqual(point);
  for (const text of ['', '12', `12:${'a'.repeat(63)}`, `-1:${'a'.repeat(64)}`, `12:${'g'.repeat(64)}`]) {
    expect(parseChainPoint(text)).toBeNull();
  }
});

test('a log is verified in steps: each ends after so many rows, and the next goes on from its head', async () => {
  const { verify, alter } = await setup(5);
  const heads: number[] = [];
  const step = async (from: AuditQuestion['from']) => {
    const verdict = await verify({ from, most: 3 });
    heads.push(verdict.head.seq);
    return verdict;
  };
  const first = await step(undefined);
  const second = await step(first.head);
  expect(await step(second.head)).toMatchObject({ rows: 1, fault: null });
  expect(heads).toEqual([3, 5, 5]);

  await alter(`update audit_events set record = '{}' where seq = 4`);
  expect(await step(undefined)).toMatchObject({ rows: 3, fault: null });
  expect((await step(first.head)).fault).toMatchObject({ seq: 4, kind: 'record' });
});

test('a step that ends before the row that is expected does not call it missing', async () => {
  const { verify } = await setup(6);
  const { head } = await verify();
  expect((await verify({ expect: head, most: 2 })).fault).toBeNull();
  expect((await verify({ expect: { ...head, seq: 9 }, most: 10 })).fault).toMatchObject({ seq: 7, kind: 'missing' });
});
