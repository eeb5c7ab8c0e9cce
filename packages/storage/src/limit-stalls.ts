import type { Readable } from 'node:stream';
import type { Storage } from './file-storage.ts';
import { limitStream } from './limit-stream.ts';
import { createStallLimit, type StallLimit } from './stall-limit.ts';

/**
 * The storage, of which every read, and its check, fails with a retryable `storage.unavailable` where for so long nothing
 * comes: a disk or a network file system that hangs must not hold whoever reads from it for good. Writing is not limited.
 */
export function limitStalls(storage: Storage, milliseconds: number): Storage {
  const limit = createStallLimit(milliseconds);
  const { blobs, objects } = storage;
  return {
    ...storage,
    stallLimit: limit,
    check: () => limit.within(storage.check()),
    blobs: {
      ...blobs,
      stat: (sha256) => limit.within(blobs.stat(sha256)),
      read: (sha256, range) => openWithin(limit, blobs.read(sha256, range)),
      names: (prefix) => limit.within(blobs.names(prefix)),
    },
    objects: {
      ...objects,
      stat: (key) => limit.within(objects.stat(key)),
      read: (key, range) => openWithin(limit, objects.read(key, range)),
    },
  };
}

async function openWithin(limit: StallLimit, opening: Promise<Readable>): Promise<Readable> {
  try {
    return limitStream(await limit.within(opening), limit);
  } catch (error) {
    // One that comes too late is wanted by nobody.
    opening.then(
      (late) => late.on('error', () => {}).destroy(),
      () => {},
    );
    throw error;
  }
}
