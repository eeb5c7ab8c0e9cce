import { expect, test } from 'vitest';
import { backOffFetching, backOffMs } from './back-off.ts';

test('pauses grow with the failures in a row, up to five seconds', () => {
  expect([1, 2, 3, 6, 7, 1_000].map(backOffMs)).toEqual([100, 200, 400, 3_200, 5_000, 5_000]);
});

test('fetching waits after each failure before it reports it, and starts small again after a success', async () => {
  const outcomes = ['full', 'full', 'job', 'full'];
  const pauses: number[] = [];
  const backend = {
    moveToActive: async () => {
      const outcome = outcomes.shift();
      if (outcome === 'full') throw new Error(outcome);
      return [outcome];
    },
  };
  backOffFetching(backend, new AbortController().signal, async (milliseconds) => void pauses.push(milliseconds));
  await expect(backend.moveToActive()).rejects.toThrow('full');
  await expect(backend.moveToActive()).rejects.toThrow('full');
  expect(await backend.moveToActive()).toEqual(['job']);
  await expect(backend.moveToActive()).rejects.toThrow('full');
  expect(pauses).toEqual([100, 200, 100]);
});
