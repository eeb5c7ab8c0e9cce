import { Worker } from 'node:worker_threads';

export interface ExpectedFile {
  /** Absolute. */
  path: string;
  /** Bytes. */
  size: number;
}

/**
 * The places of those files that are not there with their size, or cannot be looked at: they are to be asked for one by
 * one. What costs, with 25,000 files, is not to look but Node's way to its threads and back: 330 ms of processor time,
 * where a thread of its own takes 150 and leaves this one alone. A storage that hangs holds up that thread only.
 */
export async function doubtfulFiles(files: readonly ExpectedFile[], signal: AbortSignal): Promise<number[]> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('./doubtful-files-thread.js', import.meta.url), {
    workerData: files,
    execArgv: [],
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', () => reject(new Error('The thread that looks at files ended.')));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    // Not awaited: one that hangs in a call ends when the call does.
    thread.terminate().catch(() => {});
  }
}
