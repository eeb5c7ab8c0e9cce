import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** All that a run leaves to chance: the same seed gives the same answers in the same order. */
export interface Random {
  /** Both bounds included. */
  integer(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
  /** So many different ones. */
  sample<T>(items: readonly T[], count: number): T[];
  bytes(count: number): Buffer;
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const integer = (from: number, to: number) => uniformInt(generator, from, to);
  return {
    integer,
    pick: (items) => items[integer(0, items.length - 1)]!,
    sample(items, count) {
      const left = [...items];
      return Array.from({ length: count }, () => left.splice(integer(0, left.length - 1), 1)[0]!);
    },
    bytes: (count) =>
      createHash('shake256', { outputLength: count })
        .update(String(integer(0, 2 ** 31)))
        .digest(),
  };
}
