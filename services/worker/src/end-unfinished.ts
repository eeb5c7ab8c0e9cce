import type { ObjectWriter } from '@sheaf/storage/object-store';
import { inTime } from '@sheaf/storage/stall-limit';
import { CancelRequested } from './claim-interruptions.ts';
import type { WorkerDeps } from './worker-deps.ts';

/**
 * Ends an object that will not be published by this claim. What a worker that is stopped has written stays for the next
 * one, which goes on from there, where the object has an identity; else nothing stays. A storage that hangs is waited for
 * no longer than for a read.
 */
export async function endUnfinished(
  { storage, logger }: Pick<WorkerDeps, 'storage' | 'logger'>,
  writer: ObjectWriter,
  signal: AbortSignal,
): Promise<void> {
  const goesOn = signal.aborted && !(signal.reason instanceof CancelRequested);
  const ended = goesOn ? writer.leave() : writer.abort();
  await inTime(storage, ended).catch((err: unknown) => logger.warn({ err }, 'temporary file left to the sweep'));
}
