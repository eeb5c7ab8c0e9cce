import type { DownloadState } from '@sheaf/domain/download-state';
import { and, eq, inArray, isNotNull, type SQL } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';

/** Which claim of which download writes. */
export interface ClaimKey {
  downloadId: string;
  epoch: number;
}

/** The fence of everything a worker writes: the claim is the newest one, and the download is in one of the states. */
export function heldByClaim({ downloadId, epoch }: ClaimKey, states: readonly DownloadState[]): SQL | undefined {
  return and(eq(downloads.id, downloadId), eq(downloads.epoch, epoch), inArray(downloads.state, [...states]));
}

/** Whether somebody asked for a download to be cancelled that the claim still holds. */
export async function isCancelRequested(executor: Executor, claim: ClaimKey): Promise<boolean> {
  const asked = await executor
    .select({ id: downloads.id })
    .from(downloads)
    .where(and(heldByClaim(claim, ['gathering', 'packing']), isNotNull(downloads.cancelRequestedAt)));
  return asked.length > 0;
}
