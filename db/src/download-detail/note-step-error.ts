import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import type { ClaimKey } from '../downloads/held-by-claim.ts';
import { downloadSteps } from '../schema/downloads.ts';

/** Notes why a claim's run failed, with where in the program. In the transaction that ends the claim. */
export async function noteStepError(
  tx: Executor,
  { downloadId, epoch }: ClaimKey,
  error: { code: string; message: string; stack: string },
): Promise<void> {
  await tx
    .update(downloadSteps)
    .set({ errorCode: error.code, errorMessage: error.message, errorStack: error.stack })
    .where(and(eq(downloadSteps.downloadId, downloadId), eq(downloadSteps.epoch, epoch)));
}
