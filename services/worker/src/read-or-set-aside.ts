import type { JobRun } from '@sheaf/queue/job-run';
import { recordUnreadableBlob } from './unreadable-blob.ts';
import type { WorkerDeps } from './worker-deps.ts';

/**
 * The work of a job that reads a stored file. Where its last run fails since that file's medium does not give its bytes,
 * the file is set aside as a step of a download does it, and the work is done once more: it then says that the file
 * cannot be had instead of reading it.
 */
export async function readOrSetAside<T>(
  deps: Pick<WorkerDeps, 'db' | 'storage' | 'logger' | 'clock'>,
  { isLast }: JobRun,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isLast || signal.aborted) throw error;
    const isSetAside = await recordUnreadableBlob(deps, error, { signal }).catch((err: unknown) => {
      deps.logger.warn({ err }, 'what could not be read could not be set aside');
      return false;
    });
    if (!isSetAside) throw error;
  }
  return work();
}
