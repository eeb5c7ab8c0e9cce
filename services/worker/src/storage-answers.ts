import { listSomeBlobs } from '@sheaf/db/storage-care/list-some-blobs';
import type { WorkerDeps } from './worker-deps.ts';

/** Files of which the beginning is read, and how much of it. */
const sample = 20;
const beginBytes = 1_000_000;

/**
 * Whether the storage can be written, and most of some files can be read. Then one that cannot is itself at fault; else
 * it is the storage, and nothing may be blamed on a file.
 */
export async function storageAnswers(
  { db, storage }: Pick<WorkerDeps, 'db' | 'storage'>,
  except: readonly string[],
): Promise<boolean> {
  const known = await listSomeBlobs(db.orm, sample + except.length);
  const excepted = new Set(except);
  const others = known.filter((sha256) => !excepted.has(sha256)).slice(0, sample);

  async function canRead(sha256: string): Promise<boolean> {
    let read = 0;
    for await (const chunk of await storage.blobs.read(sha256)) {
      read += (chunk as Buffer).length;
      if (read >= beginBytes) break;
    }
    return true;
  }

  const answers = await Promise.allSettled([storage.check(), ...others.map(canRead)]);
  const [check, ...reads] = answers.map(({ status }) => status === 'fulfilled');
  return check === true && reads.filter(Boolean).length >= reads.length / 2;
}
