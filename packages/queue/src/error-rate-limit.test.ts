import { expect, test } from 'vitest';
import { limitErrorRate } from './error-rate-limit.ts';

function setup() {
  const passed: [string, number][] = [];
  const clock = { now: 0 };
  const { report, close } = limitErrorRate(
    (error, suppressed) => passed.push([error.message, suppressed]),
    () => clock.now,
  );
  return { passed, clock, report, close };
}

test('the first error of a kind passes at once, the next ones at most every ten seconds, with their number', () => {
  const { passed, clock, report } = setup();
  for (let i = 0; i < 5_000; i++) report(new Error('full'));
  report(new Error('gone'));
  expect(passed).toEqual([
    ['full', 0],
    ['gone', 0],
  ]);
  clock.now = 10_000;
  report(new Error('full'));
  expect(passed.at(-1)).toEqual(['full', 4_999]);
});

test('errors with one code are one kind, whatever they say', () => {
  const { passed, report } = setup();
  report(Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' }));
  report(Object.assign(new Error('connect 10.0.0.2'), { code: 'ECONNREFUSED' }));
  expect(passed).toEqual([['connect 10.0.0.1', 0]]);
});

test('what is thrown but is no error passes as one', () => {
  const { passed, report } = setup();
  report('closed');
  expect(passed).toEqual([['closed', 0]]);
});

test('nothing passes once it is closed', () => {
  const { passed, report, close } = setup();
  close();
  report(new Error('terminated'));
  expect(passed).toEqual([]);
});
