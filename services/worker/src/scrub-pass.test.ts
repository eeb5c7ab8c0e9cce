import { expect, test } from 'vitest';
import { createScrubPass } from './scrub-pass.ts';

const options = {
  what: 'things',
  logger: { warn: () => {} },
  signal: new AbortController().signal,
  keyOf: (item: string) => item,
};

test('those of which nothing can be said take no place from the others, however many they are', async () => {
  const due = new Set(Array.from({ length: 250 }, (_, index) => String(index)));
  const asked: number[] = [];
  const pass = createScrubPass({
    ...options,
    async list(limit) {
      asked.push(limit);
      return [...due].slice(0, limit);
    },
    async look(item) {
      if (Number(item) % 2 === 0) throw new Error('unreadable');
      due.delete(item);
    },
  });
  for (let turn = 0; turn < 3; turn += 1) expect(await pass()).toBe(true);
  await expect(pass()).rejects.toThrow('125 things could not be verified.');
  expect(asked).toEqual([100, 150, 200, 225]);
  expect(due.size).toBe(125);
});

test('three in a row end it, for it is rather the storage', async () => {
  const looked: string[] = [];
  const pass = createScrubPass({
    ...options,
    list: async () => ['a', 'b', 'c', 'd'],
    async look(item) {
      looked.push(item);
      throw new Error(item);
    },
  });
  await expect(pass()).rejects.toThrow('c');
  expect(looked).toEqual(['a', 'b', 'c']);
});
