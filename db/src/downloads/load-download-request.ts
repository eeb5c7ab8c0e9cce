import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import { asc, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { downloadItems, downloads } from '../schema/downloads.ts';
import { actorColumns } from '../users/actor-columns.ts';
import type { RequestOrigin } from './record-acceptances.ts';

export interface StoredDownloadRequest {
  request: DownloadRequest;
  /** The requester as of now, not as of the request. */
  actor: Actor;
  /** Where the requester's own request came from, whoever has retried it since. */
  origin: RequestOrigin;
  /** Null unless the requester has been disabled since: then nothing may be decided in their favour. */
  disabledAt: Date | null;
}

/**
 * A request as it was accepted, with its asset ids in the requester's order. It accepts no licence by itself: a decision
 * after the request goes by the recorded acceptances alone. Throws `resource.not_found`.
 */
export async function loadDownloadRequest(executor: Executor, downloadId: string): Promise<StoredDownloadRequest> {
  const [row] = await executor
    .select({
      request: downloads.request,
      ipAddress: downloads.ipAddress,
      userAgent: downloads.userAgent,
      ...actorColumns,
      disabledAt: users.disabledAt,
    })
    .from(downloads)
    .innerJoin(users, eq(users.id, downloads.requesterId))
    .where(eq(downloads.id, downloadId));
  if (row === undefined) throw new AppError('resource.not_found', 'There is no such download.');
  const items = await executor
    .select({ assetId: downloadItems.assetId })
    .from(downloadItems)
    .where(eq(downloadItems.downloadId, downloadId))
    .orderBy(asc(downloadItems.position));
  const { request, ipAddress, userAgent, disabledAt, ...actor } = row;
  const assetIds = items.map(({ assetId }) => assetId);
  const later = { renditionIds: null, renditionNames: null, withoutLicences: [] };
  return {
    request: { ...later, ...request, assetIds, acceptLicences: [] },
    actor,
    origin: { ipAddress, userAgent },
    disabledAt,
  };
}
