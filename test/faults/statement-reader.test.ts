import { expect, test } from 'vitest';
import { statementReader } from './statement-reader.ts';

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const text = (value: string) => Buffer.from(`${value}\0`);
const query = (sql: string) => message('Q', text(sql));
const parse = (name: string, sql: string) => message('P', Buffer.concat([text(name), text(sql), Buffer.alloc(2)]));
const bind = (name: string) => message('B', Buffer.concat([text(''), text(name), Buffer.alloc(6)]));
const startup = message(
  '',
  Buffer.concat([Buffer.from([0, 3, 0, 0]), text('user'), text('postgres'), Buffer.alloc(1)]),
);

function backendKey(pid: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeInt32BE(pid);
  return message('K', body);
}

test('what is sent within a transaction is told with its first statement and the backend, up to its commit', () => {
  const reader = statementReader();
  expect(reader.sent(startup)).toEqual([]);
  reader.answered(Buffer.concat([message('R', Buffer.alloc(4)), backendKey(4711)]));

  expect(reader.sent(query('select 0'))).toEqual([]);
  expect(reader.sent(query('begin '))).toEqual([]);
  expect(reader.sent(parse('', 'select $1, $2 from a'))).toEqual([]);
  const first = 'select $ from a';
  expect(reader.sent(bind(''))).toEqual([{ backend: 4711, text: first, first }]);
  expect(reader.sent(query('rollback to savepoint s'))).toMatchObject([{ first }]);
  expect(reader.sent(query('commit'))).toEqual([{ backend: 4711, text: 'commit', first }]);
  expect(reader.sent(query('select 1'))).toEqual([]);
});

test('a statement that was prepared before is told each time that it is used', () => {
  const reader = statementReader();
  reader.sent(Buffer.concat([startup, parse('s1', 'insert into a values ($1), ($2)'), bind('s1')]));

  const sent = reader.sent(Buffer.concat([query('begin'), bind('s1'), bind('s1')]));
  expect(sent.map((statement) => statement.text)).toEqual(['insert into a values ($)', 'insert into a values ($)']);
});

test('messages that come in pieces are put together', () => {
  const reader = statementReader();
  const bytes = Buffer.concat([startup, query('begin'), query('select 1')]);

  const sent = [...bytes].flatMap((byte) => reader.sent(Buffer.from([byte])));
  expect(sent.map((statement) => statement.text)).toEqual(['select 1']);
});
