import type { DownloadState } from '@sheaf/domain/download-state';
import { desc, eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { downloads } from '../schema/downloads.ts';

export interface RecentDownload {
  id: string;
  name: string;
  state: DownloadState;
  requester: { id: string; name: string };
  /** How many assets were asked for. */
  assets: number;
  createdAt: Date;
}

/** The last downloads of everybody, in whatever state, newest first. */
export async function listRecentDownloads(executor: Executor, limit: number): Promise<RecentDownload[]> {
  return executor
    .select({
      id: downloads.id,
      name: downloads.name,
      state: downloads.state,
      requester: { id: users.id, name: users.name },
      assets: sql<number>`${downloads.included} + ${downloads.excluded}`,
      createdAt: downloads.createdAt,
    })
    .from(downloads)
    .innerJoin(users, eq(users.id, downloads.requesterId))
    .orderBy(desc(downloads.id))
    .limit(limit);
}
