import { Worker } from 'node:worker_threads';
import type { StallLimit } from '@sheaf/storage/stall-limit';

export interface ExpectedFile {
  /** Absolute. */
  path: string;
  /** Bytes. */
  size: number;
}

/** What the thread is told: files, or that those were all. Paths as one text, which is handed over in one piece. */
export type FilesToLookAt = { paths: string; sizes: Float64Array } | null;

/** What the thread is started with: how many files it has looked at, for whoever waits to see. */
export interface FileThreadWork {
  looked: Int32Array<SharedArrayBuffer>;
}

/** Between two paths, neither of which can have it. */
export const pathSeparator = '\0';

/** Files that are looked at while more are being listed. */
export interface FileCheck {
  add(files: readonly ExpectedFile[]): void;
  /**
   * The places, in the order in which they were added, of those files that are not there with their size, or cannot be
   * looked at: they are to be asked for one by one. Nothing is to be added from here on.
   */
  doubtful(): Promise<number[]>;
  /** Also where nobody asks for the outcome any more. */
  close(): void;
}

/**
 * Looks at files in a thread of its own. What costs, with 25,000 files, is not to look but Node's way to its threads and
 * back: 330 ms of processor time, where a thread of its own takes 150 and leaves this one alone. A storage that hangs
 * holds up that thread only, and the limit says for how long whoever waits for the outcome does so.
 */
export function checkFiles(signal: AbortSignal, stallLimit?: StallLimit): FileCheck {
  signal.throwIfAborted();
  const looked = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const thread = new Worker(new URL('./doubtful-files-thread.js', import.meta.url), {
    workerData: { looked } satisfies FileThreadWork,
    execArgv: [],
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  // Whoever asks for the outcome sees a failure; until then it is not unhandled.
  promise.catch(() => {});
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', () => reject(new Error('The thread that looks at files ended.')));
  const tell = (message: FilesToLookAt) => thread.postMessage(message);

  return {
    add(files) {
      const paths = files.map(({ path }) => path).join(pathSeparator);
      if (files.length > 0) tell({ paths, sizes: Float64Array.from(files, ({ size }) => size) });
    },
    doubtful() {
      tell(null);
      const endWatch = stallLimit?.watch(reject, () => Atomics.load(looked, 0));
      return promise.finally(endWatch);
    },
    close() {
      signal.removeEventListener('abort', stop);
      // Not awaited: one that hangs in a call ends when the call does.
      thread.terminate().catch(() => {});
    },
  };
}
