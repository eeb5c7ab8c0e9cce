import { addToOutbox, type OutboxRow } from '../add-to-outbox.ts';
import type { Executor } from '../database.ts';
import type { DownloadStep } from './claim-download.ts';

export interface StepOfDownload {
  downloadId: string;
  /** Makes the job another one than those before it. */
  epoch: number;
  requesterId: string;
  step: DownloadStep;
  delayMs?: number;
  /** Whether its turn had come already and a worker let go of it: it goes before those that wait for theirs. */
  again?: boolean;
}

/** Before everything that asks for the first time. */
const againPriority = 1;

export async function askForStep(tx: Executor, ...steps: StepOfDownload[]): Promise<void> {
  await addToOutbox(
    tx,
    steps.map(
      ({ step, downloadId, epoch, requesterId, delayMs, again }): OutboxRow => ({
        job: step,
        jobId: `${step}-${downloadId}-${epoch}`,
        payload: { downloadId, epoch },
        requesterId,
        ...(delayMs !== undefined && { delayMs }),
        ...(again && { priority: againPriority }),
      }),
    ),
  );
}
