import { Readable } from 'node:stream';
import type { Storage } from '@sheaf/storage/file-storage';

/** What becomes of a read after so many bytes: it stalls for good, breaks off, ends as if it were whole, or lies there. */
export interface Disturbance {
  kind: 'stalls' | 'breaks' | 'ends' | 'lies';
  at: number;
}

/** A storage without files of its own, so that everything is read through it; asked of each read what becomes of it. */
export function disturbedStorage(storage: Storage, choose: () => Disturbance | null): Storage {
  return {
    ...storage,
    blobs: {
      ...storage.blobs,
      path: () => null,
      async read(...args) {
        const source = await storage.blobs.read(...args);
        const disturbance = choose();
        return disturbance === null ? source : Readable.from(disturbed(source, disturbance), { objectMode: false });
      },
    },
  };
}

async function* disturbed(source: Readable, { kind, at }: Disturbance): AsyncGenerator<Buffer> {
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
