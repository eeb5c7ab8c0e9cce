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
}

export async function askForStep(tx: Executor, ...steps: StepOfDownload[]): Promise<void> {
  await addToOutbox(
    tx,
    steps.map(
      ({ step, downloadId, epoch, requesterId, delayMs }): OutboxRow => ({
        job: step,
        jobId: `${step}-${downloadId}-${epoch}`,
        payload: { downloadId, epoch },
        requesterId,
        ...(delayMs !== undefined && { delayMs }),
      }),
    ),
  );
}
