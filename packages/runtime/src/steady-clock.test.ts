import { expect, test } from 'vitest';
import { createSteadyClock } from './steady-clock.ts';

test('goes on by what has passed, from what it was told last', () => {
  let elapsed = 1_000;
  const clock = createSteadyClock(new Date('2026-01-02T03:04:05Z'), () => elapsed);

  elapsed += 2_000;
  expect(clock.now()).toEqual(new Date('2026-01-02T03:04:07Z'));

  clock.set(new Date('2026-01-02T05:00:00Z'));
  elapsed += 500;
  expect(clock.now()).toEqual(new Date('2026-01-02T05:00:00.500Z'));
});
