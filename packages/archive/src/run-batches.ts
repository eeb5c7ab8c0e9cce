import type { FileHandle } from 'node:fs/promises';
import { archiveBatches, type Batch } from './archive-batches.ts';
import type { Segmented } from './archive-layout.ts';
import { type BatchReply, encodeBatch } from './archive-thread-messages.ts';
import { type ArchiveThreads, batchesAhead, startArchiveThreads } from './archive-threads.ts';
import type { StallLimit } from './blob-source.ts';
import { Interruption } from './interruption.ts';

export interface BatchRun {
  archive: Segmented;
  /** Offset in the archive; the run begins with the segment that holds it. */
  from: number;
  /** The archive's file. It is the run's, which closes it when no thread uses it any more. */
  file: FileHandle;
  /** Whether to compare the file with the archive rather than to write it. */
  compare: boolean;
  /** Absolute path of a blob's file; null ends the run before the batch that needs it. */
  fileOf(sha256: string): string | null;
  /** Called with the batches in order. The run ends where it gives false. */
  settle(batch: Batch, reply: BatchReply): Promise<boolean>;
  signal: AbortSignal;
  /** How long files may be silent; absent: as long as it takes. */
  stallLimit: StallLimit | undefined;
}

/**
 * Has threads do the archive's batches. Gives the batch of which a blob has no file, or null where there was none.
 * Rejects with whatever `settle` or the segments threw, with the signal's reason, and with the limit's error where a file
 * hangs; in any case no thread runs any more, or it hangs, and then writes nothing more.
 */
export async function runBatches(run: BatchRun): Promise<Batch | null> {
  const { archive, from, file, fileOf, settle, signal, stallLimit } = run;
  const interruption = new Interruption();
  const threads = await startThreads(run);
  const onAbort = () => {
    threads.stop();
    interruption.fail(signal.reason);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  let hangs = false;
  const onStalled = (error: Error) => {
    hangs = true;
    interruption.fail(error);
  };
  const batches = archiveBatches(archive, from);
  const underWay: { batch: Batch; reply: Promise<BatchReply> }[] = [];
  let ended = false;
  let withoutFile: Batch | null = null;

  async function begin(): Promise<void> {
    const next = await interruption.wait(batches.next());
    const message = next.done ? null : encodeBatch(next.value, fileOf);
    if (next.done || message === null) {
      ended = true;
      withoutFile = next.done ? null : next.value;
      return;
    }
    const reply = threads.run(message);
    // Without a listener, the failure of a later batch would end the process while an earlier one is waited for.
    reply.catch(() => {});
    underWay.push({ batch: next.value, reply });
  }

  try {
    while (!ended || underWay.length > 0) {
      if (!ended && underWay.length < batchesAhead) {
        await begin();
        continue;
      }
      const { batch, reply } = underWay.shift()!;
      const endWatch = stallLimit?.watch(onStalled, threads.steps);
      const done = await interruption.wait(reply).finally(endWatch);
      if (!(await settle(batch, done))) return null;
    }
    return withoutFile;
  } finally {
    threads.stop();
    signal.removeEventListener('abort', onAbort);
    // Where the segments come from may be stuck, and then this is answered only when it no longer is.
    batches.return().catch(() => {});
    const closed = threads.close().finally(() => file.close());
    // One that hangs ends when it no longer does; why this failed is known by now.
    closed.catch(() => {});
    if (!hangs) await (stallLimit?.within(closed) ?? closed);
  }
}

/** Where there is no memory for them, the file is closed all the same. */
async function startThreads({ archive, from, file, compare }: BatchRun): Promise<ArchiveThreads> {
  try {
    return startArchiveThreads({ archive: file.fd, compare, bytes: archive.size - from });
  } catch (error) {
    await file.close();
    throw error;
  }
}
