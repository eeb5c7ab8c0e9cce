import { inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { completeDownloadViews, type DownloadView, selectDownloads } from './download-view.ts';

/** These downloads as people are shown them, in no order; ids of none are left out. */
export async function loadDownloadViews(executor: Executor, ids: string[]): Promise<DownloadView[]> {
  if (ids.length === 0) return [];
  return completeDownloadViews(executor, await selectDownloads(executor).where(inArray(downloads.id, ids)));
}
