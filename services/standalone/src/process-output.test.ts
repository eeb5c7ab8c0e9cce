import { expect, test } from 'vitest';
import { warningIn } from './process-output.ts';

test('a warning is shown in plain words with its cause', () => {
  const line = JSON.stringify({ level: 40, msg: 'job failed', err: { message: 'The disk is full.' } });
  expect(warningIn(line)).toBe('job failed: The disk is full.');
});

test('a cause that repeats the message is shown once', () => {
  expect(warningIn(JSON.stringify({ level: 50, msg: 'gone', err: { message: 'gone' } }))).toBe('gone');
});

test.each(['{"level":30,"msg":"request completed"}', 'not JSON', 'null', '{"msg":"no level"}'])(
  'nothing is shown for %s',
  (line) => {
    expect(warningIn(line)).toBeUndefined();
  },
);
