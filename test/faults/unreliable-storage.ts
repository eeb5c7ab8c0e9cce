import { Readable } from 'node:stream';
import type { Storage } from '@sheaf/storage/file-storage';
import { createRandom } from './random.ts';

/** What becomes of a share of the reads, at a random byte. */
export interface Unreliable {
  seed: number;
  /** Of a hundred reads, so many go wrong. */
  percent: number;
  kinds: ('stalls' | 'breaks' | 'ends' | 'lies')[];
}

/**
 * A storage without files of its own, so that everything is read through it: some reads stall for good, break off with an
 * error, end early as if they were whole, or give a wrong byte.
 */
export function unreliableStorage(storage: Storage, { seed, percent, kinds }: Unreliable): Storage {
  const random = createRandom(seed);
  return {
    ...storage,
    blobs: {
      ...storage.blobs,
      path: () => null,
      async read(...args) {
        const source = await storage.blobs.read(...args);
        if (random.integer(1, 100) > percent) return source;
        return Readable.from(disturbed(source, random.pick(kinds), random.integer(0, 200_000)), { objectMode: false });
      },
    },
  };
}

async function* disturbed(source: Readable, kind: Unreliable['kinds'][number], at: number): AsyncGenerator<Buffer> {
  let read = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const place = at - read;
    read += chunk.length;
    if (place < 0 || place >= chunk.length) {
      yield chunk;
      continue;
    }
    if (kind === 'lies') {
      const changed = Buffer.from(chunk);
      changed[place]! ^= 0xff;
      yield changed;
      continue;
    }
    yield chunk.subarray(0, place);
    if (kind === 'ends') return;
    if (kind === 'breaks') throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' });
    await new Promise(() => {});
  }
}
