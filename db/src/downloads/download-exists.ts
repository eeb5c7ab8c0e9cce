import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { type DownloadScope, inScope } from './download-scope.ts';

/** Whether there is such a download in the scope. */
export async function downloadExists(executor: Executor, scope: DownloadScope): Promise<boolean> {
  const rows = await executor.select({ id: downloads.id }).from(downloads).where(inScope(scope)).limit(1);
  return rows.length > 0;
}
