import { Readable } from 'node:stream';
import type { Storage } from '@sheaf/storage/file-storage';
import { storageError } from '@sheaf/storage/storage-error';

/**
 * A storage, without files of its own, whose medium does not give the blobs that are `broken`: as the driver does it, a
 * read of them fails half-way.
 */
export function unreadable() {
  const broken = new Set<string>();
  let reads = 0;
  const holds: { asked(): void; until: Promise<void> }[] = [];
  const wrapStorage = (storage: Storage): Storage => ({
    ...storage,
    blobs: {
      ...storage.blobs,
      path: () => null,
      async read(sha256, range) {
        if (!broken.has(sha256)) return storage.blobs.read(sha256, range);
        reads += 1;
        const hold = holds.shift();
        hold?.asked();
        await hold?.until;
        return failing(sha256);
      },
    },
  });
  return {
    wrapStorage,
    broken,
    /** Of broken ones. */
    reads: () => reads,
    /** The next read of a broken one fails only once it is let go. */
    holdNext() {
      const asked = Promise.withResolvers<void>();
      const until = Promise.withResolvers<void>();
      holds.push({ asked: asked.resolve, until: until.promise });
      return { asked: asked.promise, letGo: until.resolve };
    },
  };
}

function failing(sha256: string): Readable {
  const error = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' });
  const stream = new Readable({ read() {} });
  stream.push(Buffer.alloc(10));
  setImmediate(() => stream.destroy(storageError(error, { sha256 })));
  return stream;
}
