import type { Storage } from '@sheaf/storage/file-storage';

/** A storage that calls `beforeCommit` with an archive complete, and not yet stored. */
export function interruptible(beforeCommit: () => Promise<void>) {
  return (storage: Storage): Storage => ({
    ...storage,
    objects: {
      ...storage.objects,
      async create(...args) {
        const writer = await storage.objects.create(...args);
        return {
          ...writer,
          async commit() {
            await beforeCommit();
            await writer.commit();
          },
        };
      },
    },
  });
}

/** A storage without files, whose blobs never come; `reading` resolves once one is asked for. */
export function stuck() {
  const reading = Promise.withResolvers<void>();
  const wrapStorage = (storage: Storage): Storage => ({
    ...storage,
    blobs: {
      ...storage.blobs,
      path: () => null,
      read() {
        reading.resolve();
        return new Promise(() => {});
      },
    },
  });
  return { wrapStorage, reading: reading.promise };
}
