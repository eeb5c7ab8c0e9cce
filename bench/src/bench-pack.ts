import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { StoredBlob } from '@sheaf/storage/blob-store';
import { createFileStorage } from '@sheaf/storage/file-storage';
import { runContender, sideBySide } from './measure.ts';
import { writeSampleFiles } from './sample-files.ts';

const rounds = 3;

/** Writing a stored ZIP of blobs, beside copying the same files and beside archiver called directly. */
export async function benchPack(folder: string, count: number, size: number) {
  const source = await writeSampleFiles(path.join(folder, 'files'), count, size);
  const root = path.join(folder, 'storage');
  const { blobs: store } = createFileStorage(root);
  const blobs: StoredBlob[] = [];
  for (const file of source.files) blobs.push(await store.put(createReadStream(file, { highWaterMark: 1_048_576 })));
  const copies = path.join(folder, 'copies');
  const target = path.join(folder, 'bundle.zip');
  const fresh = async () => {
    await rm(copies, { recursive: true, force: true });
    await rm(target, { force: true });
    await mkdir(copies);
  };
  const costs = await sideBySide(rounds, {
    async cp() {
      await fresh();
      return runContender('copy', { from: source.folder, to: copies, durable: false });
    },
    async archiver() {
      await fresh();
      return runContender('pack-with-archiver', { files: source.files, target });
    },
    async sheaf() {
      await fresh();
      return runContender('pack-with-sheaf', { root, blobs, target });
    },
  });
  await rm(folder, { recursive: true, force: true });
  return {
    files: count,
    megabytes: source.totalBytes / 1e6,
    seconds: { cp: costs.cp.seconds, archiver: costs.archiver.seconds, sheaf: costs.sheaf.seconds },
    timesCp: costs.sheaf.seconds / costs.cp.seconds,
    timesArchiver: costs.sheaf.seconds / costs.archiver.seconds,
    peakMegabytes: { archiver: (costs.archiver.peakBytes ?? 0) / 1e6, sheaf: (costs.sheaf.peakBytes ?? 0) / 1e6 },
  };
}
