import { type ClaimKey, isCancelRequested } from '@sheaf/db/downloads/held-by-claim';
import type { WorkerDeps } from './worker-deps.ts';

/** The claim no longer holds: another worker has the download now, or it was ended. Whatever is written is void. */
export class ClaimLost extends Error {
  constructor() {
    super('The claim on the download no longer holds.');
    this.name = 'ClaimLost';
  }
}

/** Somebody asked for the download to be cancelled. */
export class CancelRequested extends Error {
  constructor() {
    super('The download is to be cancelled.');
    this.name = 'CancelRequested';
  }
}

/** Why the database refused what would have ended the claim's step. */
export async function interruptionOf(
  { db }: Pick<WorkerDeps, 'db'>,
  claim: ClaimKey,
): Promise<ClaimLost | CancelRequested> {
  return (await isCancelRequested(db.orm, claim)) ? new CancelRequested() : new ClaimLost();
}
