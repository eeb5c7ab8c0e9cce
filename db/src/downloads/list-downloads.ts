import type { DownloadState } from '@sheaf/domain/download-state';
import { and, desc, eq, ilike, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { completeDownloadViews, type DownloadView, selectDownloads } from './download-view.ts';

export interface DownloadFilter {
  /** Null for everybody's. */
  requesterId: string | null;
  state?: DownloadState | undefined;
  /** Part of the name, whatever its case. */
  q?: string | undefined;
  /** Only downloads older than this one: the last of the page before. */
  before?: string | undefined;
  limit: number;
}

/** The newest first. */
export async function listDownloads(executor: Executor, filter: DownloadFilter): Promise<DownloadView[]> {
  const rows = await selectDownloads(executor)
    .where(
      and(
        filter.requesterId === null ? undefined : eq(downloads.requesterId, filter.requesterId),
        filter.state === undefined ? undefined : eq(downloads.state, filter.state),
        filter.q ? ilike(downloads.name, `%${filter.q.replaceAll(/[\\%_]/g, '\\$&')}%`) : undefined,
        filter.before === undefined ? undefined : lt(downloads.id, filter.before),
      ),
    )
    .orderBy(desc(downloads.id))
    .limit(filter.limit);
  return completeDownloadViews(executor, rows);
}
