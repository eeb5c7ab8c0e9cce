import type { Executor } from '../database.ts';

import { type DownloadScope, inScope } from './download-scope.ts';
import { completeDownloadViews, type DownloadView, selectDownloads } from './download-view.ts';

/** One download as people are shown it; null where there is none in the scope. */
export async function findDownload(executor: Executor, scope: DownloadScope): Promise<DownloadView | null> {
  const rows = await selectDownloads(executor).where(inScope(scope));
  const [view] = await completeDownloadViews(executor, rows);
  return view ?? null;
}
