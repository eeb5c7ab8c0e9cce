import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import {
  type BatchMessage,
  type BatchReply,
  fieldsOfPiece,
  stepsPlace,
  stoppedPlace,
  type ThreadWork,
} from './archive-thread-messages.ts';

/** Two took 0.65 s where one took 1.1 s (docs/decisions/0015); more have not been measured. */
const mostThreads = Math.min(2, availableParallelism());
/** One in hand and one waiting, so that a thread never waits for the main one. */
const batchesPerThread = 2;

/**
 * Bytes that are read and written at once. The kernel keeps a write in a piece of memory of its size, and large pieces run
 * out or are slow to get once some gigabytes are written: 4.5 GB took 4.2 s in steps of 128 KiB and 2.4 s in steps of 32 KiB,
 * 2 GB 0.58 s and 0.67 s (docs/decisions/0015).
 */
const stepBytes = 128 * 1024;
const stepBytesOfMuch = 32 * 1024;
const much = 3_000_000_000;

/** Batches that may be under way at once. */
export const batchesAhead = mostThreads * batchesPerThread;

export interface ArchiveThreads {
  /** Rejects only where the thread itself died. */
  run(batch: BatchMessage): Promise<BatchReply>;
  /** Has every batch end at its next step. */
  stop(): void;
  /** Something else than before, as long as anything is read or written. */
  steps(): number;
  /** Resolves when every thread has ended: one that hangs in a call of the system, when that returns. */
  close(): Promise<void>;
}

interface Thread {
  worker: Worker;
  waiting: PromiseWithResolvers<BatchReply>[];
  /** Why it has ended. */
  failure?: { error: unknown };
}

/** Threads that write `bytes` bytes of an open file, or compare them; started when there is work for them. */
export function startArchiveThreads({
  archive,
  compare,
  bytes,
}: Pick<ThreadWork, 'archive' | 'compare'> & { bytes: number }): ArchiveThreads {
  const bufferBytes = bytes < much ? stepBytes : stepBytesOfMuch;
  const shared = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const threads: Thread[] = [];

  function start(): Thread {
    const worker = new Worker(new URL('./write-archive-thread.js', import.meta.url), {
      workerData: { archive, compare, shared, bufferBytes, fieldsOfPiece } satisfies ThreadWork,
      // What the process was started with may load modules that have no business here.
      execArgv: [],
      env: {},
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
    });
    const thread: Thread = { worker, waiting: [] };
    const fail = (error: unknown) => {
      thread.failure ??= { error };
      for (const { reject } of thread.waiting.splice(0)) reject(error);
    };
    worker.on('message', (reply: BatchReply) => thread.waiting.shift()?.resolve(reply));
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('A thread that writes archives has ended.')));
    threads.push(thread);
    return thread;
  }

  return {
    run(batch) {
      const leastBusy = threads.toSorted((a, b) => a.waiting.length - b.waiting.length)[0];
      const free = leastBusy?.waiting.length === 0;
      const thread = leastBusy !== undefined && (free || threads.length === mostThreads) ? leastBusy : start();
      // It would take the batch and never answer.
      if (thread.failure) return Promise.reject(thread.failure.error);
      const reply = Promise.withResolvers<BatchReply>();
      thread.waiting.push(reply);
      thread.worker.postMessage(batch, [batch.literals.buffer, batch.pieces.buffer]);
      return reply.promise;
    },
    stop() {
      Atomics.store(shared, stoppedPlace, 1);
    },
    steps: () => Atomics.load(shared, stepsPlace),
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
