import { createWriteStream } from 'node:fs';
import { writeWithArchiver } from '@sheaf/archive/write-with-archiver';
import type { StoredBlob } from '@sheaf/storage/blob-store';
import { createFileStorage } from '@sheaf/storage/file-storage';
import { readVerified } from '@sheaf/storage/verified-read';
import { contend } from '../measure.ts';

/** What the worker's pack job does with the bytes, without its database. */
contend(async ({ root, blobs, target }: { root: string; blobs: StoredBlob[]; target: string }) => {
  const storage = createFileStorage(root);
  const modifiedAt = new Date('2026-01-01T00:00:00Z');
  async function* entries() {
    for (const [i, blob] of blobs.entries()) yield { path: `${i}.bin`, modifiedAt, blob };
  }
  await writeWithArchiver({
    entries: entries(),
    open: (entry) => readVerified(storage.blobs, entry.blob),
    sink: createWriteStream(target, { highWaterMark: 1_048_576 }),
    format: 'zip',
    compression: 'store',
    signal: new AbortController().signal,
  });
});
