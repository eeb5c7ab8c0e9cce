import type { AdminDownloadJson, AdminDownloadPageJson, AdminDownloadQuery } from '@sheaf/contract/admin-download';
import type { Database } from '@sheaf/db/database';
import { findDownloads } from '@sheaf/db/download-search/find-downloads';
import { type FoundDownload, loadFoundDownloads } from '@sheaf/db/download-search/load-found-downloads';
import type { Place, SearchOrder } from '@sheaf/db/download-search/search-order';
import { isQuarantined } from '@sheaf/domain/is-quarantined';
import { decodePlace, encodePlace } from '../place-cursor.ts';
import { toSearch } from './download-filter.ts';

/** One page of everybody's downloads, as administrators search them. */
export async function searchDownloads(db: Database, query: AdminDownloadQuery): Promise<AdminDownloadPageJson> {
  const { order = 'newest', limit = 50, cursor } = query;
  const search = toSearch(query);
  const found = await findDownloads(db, { search, order, after: decodePlace(order, cursor), limit });
  const rows = await loadFoundDownloads(db.orm, found.ids);
  return {
    items: rows.map(foundDownloadJson),
    nextCursor: found.next && encodePlace(order, found.next),
    searchedTo: found.searchedTo && placeJson(order, found.searchedTo),
  };
}

function placeJson(order: SearchOrder, { key }: Place): NonNullable<AdminDownloadPageJson['searchedTo']> {
  return {
    createdAt: order === 'newest' ? key : null,
    size: order === 'largest' ? Number(key) : null,
    requestedAt: order === 'waiting' ? key : null,
  };
}

export function foundDownloadJson(row: FoundDownload): AdminDownloadJson {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    requester: row.requester,
    counts: { included: row.included, excluded: row.excluded },
    progress: {
      entriesDone: row.entriesDone,
      entriesTotal: row.entriesTotal,
      bytesDone: row.bytesDone,
      bytesTotal: row.bytesTotal,
    },
    delivery: row.delivery,
    error: row.error,
    failure: row.failure,
    quarantined: isQuarantined({ state: row.state, errorCode: row.error?.code ?? null }),
    cancelRequested: row.cancelRequestedAt !== null,
    createdAt: row.createdAt.toISOString(),
    requestedAt: row.chargedAt.toISOString(),
    readyAt: row.readyAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}
