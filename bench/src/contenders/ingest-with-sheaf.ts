import { createReadStream } from 'node:fs';
import { createFileStorage } from '@sheaf/storage/file-storage';
import { contend } from '../measure.ts';

/** Stores originals: SHA-256, CRC-32 and size in the one pass that writes them, durable before they count. */
contend(async ({ files, root }: { files: string[]; root: string }) => {
  const storage = createFileStorage(root);
  for (const file of files) await storage.blobs.put(createReadStream(file, { highWaterMark: 1_048_576 }));
});
