import { and, eq, type SQL } from 'drizzle-orm';
import { downloads } from '../schema/downloads.ts';

/** Which download is meant, and whose it has to be: a download of somebody else is as good as none. */
export interface DownloadScope {
  downloadId: string;
  /** Null for whoever may touch every download. */
  requesterId: string | null;
}

export function inScope({ downloadId, requesterId }: DownloadScope): SQL | undefined {
  return and(eq(downloads.id, downloadId), requesterId === null ? undefined : eq(downloads.requesterId, requesterId));
}
