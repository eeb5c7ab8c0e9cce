import type { DownloadState } from '@sheaf/domain/download-state';
import { and, eq, inArray, type SQL } from 'drizzle-orm';
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
