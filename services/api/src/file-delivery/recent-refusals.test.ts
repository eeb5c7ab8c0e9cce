import { expect, test } from 'vitest';
import { createRecentRefusals } from './recent-refusals.ts';

const at = (second: number) => new Date(second * 1_000);

test('a refusal is new once a minute, each kind by itself', () => {
  const { isNew } = createRecentRefusals();
  expect([isNew('a', at(0)), isNew('b', at(30)), isNew('a', at(59)), isNew('b', at(60))]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([isNew('a', at(60)), isNew('b', at(89)), isNew('b', at(90))]).toEqual([true, false, true]);
});
