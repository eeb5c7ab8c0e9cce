import type { Storage } from '@sheaf/storage/file-storage';
import { type Disturbance, disturbedStorage } from '../harness/disturbed-storage.ts';
import { createRandom } from './random.ts';

/** What becomes of a share of the reads, at a random byte. */
export interface Unreliable {
  seed: number;
  /** Of a hundred reads, so many go wrong. */
  percent: number;
  kinds: Disturbance['kind'][];
}

export function unreliableStorage(storage: Storage, { seed, percent, kinds }: Unreliable): Storage {
  const random = createRandom(seed);
  return disturbedStorage(storage, () =>
    random.integer(1, 100) > percent ? null : { kind: random.pick(kinds), at: random.integer(0, 200_000) },
  );
}
