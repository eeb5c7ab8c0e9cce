import type { DownloadState } from '@sheaf/domain/download-state';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { type DownloadScope, inScope } from './download-scope.ts';

export interface LockedDownload {
  id: string;
  requesterId: string;
  state: DownloadState;
  epoch: number;
  /** Why it failed. */
  errorCode: string | null;
  /** Whether a worker has it: one that is alive as far as anybody knows. */
  held: boolean;
  expiresAt: Date | null;
}

/** Holds a download still until the transaction ends: nobody else changes its state meanwhile. Null where there is none. */
export async function lockDownload(tx: Executor, scope: DownloadScope): Promise<LockedDownload | null> {
  const [row] = await tx
    .select({
      id: downloads.id,
      requesterId: downloads.requesterId,
      state: downloads.state,
      epoch: downloads.epoch,
      errorCode: sql<string | null>`${downloads.error} ->> 'code'`,
      held: sql<boolean>`coalesce(${downloads.leaseUntil} >= now(), false)`,
      expiresAt: downloads.expiresAt,
    })
    .from(downloads)
    .where(inScope(scope))
    .for('update');
  return row ?? null;
}
