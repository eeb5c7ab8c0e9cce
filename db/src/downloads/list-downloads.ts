import type { DownloadState } from '@sheaf/domain/download-state';
import { and, desc, eq, gt, ilike, lt, lte, or, type SQL } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { completeDownloadViews, type DownloadView, selectDownloads } from './download-view.ts';

export interface DownloadFilter {
  /** Null for everybody's. */
  requesterId: string | null;
  state?: DownloadState | undefined;
  /** Where it is given, one whose time is over counts as expired, whether or not that was written down. */
  now?: Date | undefined;
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
        isInState(filter),
        filter.q ? ilike(downloads.name, `%${filter.q.replaceAll(/[\\%_]/g, '\\$&')}%`) : undefined,
        filter.before === undefined ? undefined : lt(downloads.id, filter.before),
      ),
    )
    .orderBy(desc(downloads.id))
    .limit(filter.limit);
  return completeDownloadViews(executor, rows);
}

function isInState({ state, now }: DownloadFilter): SQL | undefined {
  if (state === undefined) return undefined;
  if (now === undefined) return eq(downloads.state, state);
  if (state === 'ready') return and(eq(downloads.state, state), gt(downloads.expiresAt, now));
  if (state !== 'expired') return eq(downloads.state, state);
  return or(eq(downloads.state, state), and(eq(downloads.state, 'ready'), lte(downloads.expiresAt, now)));
}
