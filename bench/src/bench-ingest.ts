import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runContender, sideBySide } from './measure.ts';
import { writeSampleFiles } from './sample-files.ts';

const rounds = 3;

/** Storing originals beside copying them: once as `cp` leaves them, in memory, and once flushed to the disk as ours are. */
export async function benchIngest(folder: string, count: number, size: number) {
  const source = await writeSampleFiles(path.join(folder, 'files'), count, size);
  const target = path.join(folder, 'target');
  const fresh = async () => {
    await rm(target, { recursive: true, force: true });
    await mkdir(target);
  };
  const copy = (durable: boolean) => async () => {
    await fresh();
    return runContender('copy', { from: source.folder, to: target, durable });
  };
  const costs = await sideBySide(rounds, {
    cp: copy(false),
    durableCp: copy(true),
    async sheaf() {
      await fresh();
      return runContender('ingest-with-sheaf', { files: source.files, root: target });
    },
  });
  await rm(folder, { recursive: true, force: true });
  return {
    files: count,
    megabytes: source.totalBytes / 1e6,
    seconds: { cp: costs.cp.seconds, cpAndSync: costs.durableCp.seconds, sheaf: costs.sheaf.seconds },
    throughputOfCp: costs.cp.seconds / costs.sheaf.seconds,
    throughputOfCpAndSync: costs.durableCp.seconds / costs.sheaf.seconds,
  };
}
