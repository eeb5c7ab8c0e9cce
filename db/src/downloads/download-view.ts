import type { DownloadState } from '@sheaf/domain/download-state';
import { and, asc, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { NIL } from 'uuid';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { bundleParts, downloads, links } from '../schema/downloads.ts';

/** The columns of a download that people are shown. */
const columns = {
  id: downloads.id,
  requester: { id: users.id, name: users.name, email: users.email },
  name: downloads.name,
  state: downloads.state,
  background: downloads.background,
  request: downloads.request,
  included: downloads.included,
  excluded: downloads.excluded,
  entriesDone: downloads.entriesDone,
  entriesTotal: downloads.entriesTotal,
  bytesDone: downloads.bytesDone,
  bytesTotal: downloads.bytesTotal,
  error: downloads.error,
  restOf: downloads.restOf,
  version: downloads.version,
  cancelRequestedAt: downloads.cancelRequestedAt,
  contentEndsAt: downloads.contentEndsAt,
  createdAt: downloads.createdAt,
  startedAt: downloads.startedAt,
  readyAt: downloads.readyAt,
  expiresAt: downloads.expiresAt,
};

type DownloadRow = Pick<typeof downloads.$inferSelect, Exclude<keyof typeof columns, 'requester'>> & {
  requester: { id: string; name: string; email: string };
};

/** A download with its bundle, as far as there is one. */
export interface DownloadView extends DownloadRow {
  /** By number; empty before the download is ready. */
  parts: { number: number; size: number; etag: string; delivery: 'packed' | 'streamed' }[];
  /** The link made when the bundle was published, still sealed; null where there is none that could be shown. */
  defaultLink: { id: string; sealedToken: Buffer; expiresAt: Date; revokedAt: Date | null } | null;
  /** From 1 among the downloads that wait for a worker; null for all others. */
  queuePosition: number | null;
}

/** The statement that a lookup or a list narrows down; its rows go to `completeDownloadViews`. */
export function selectDownloads(executor: Executor) {
  return executor.select(columns).from(downloads).innerJoin(users, eq(users.id, downloads.requesterId)).$dynamic();
}

const waiting: readonly DownloadState[] = ['requested', 'queued'];

/** Adds to each row what lies in other tables: at most three statements, however many rows. */
export async function completeDownloadViews(executor: Executor, rows: readonly DownloadRow[]): Promise<DownloadView[]> {
  const withBundle = rows.filter(({ readyAt }) => readyAt !== null).map(({ id }) => id);
  const [parts, defaultLinks, positions] = await Promise.all([
    loadParts(executor, withBundle),
    loadDefaultLinks(executor, withBundle),
    loadQueuePositions(
      executor,
      rows.filter(({ state }) => waiting.includes(state)).map(({ id }) => id),
    ),
  ]);
  return rows.map((row) => ({
    ...row,
    parts: parts.get(row.id) ?? [],
    defaultLink: defaultLinks.get(row.id) ?? null,
    queuePosition: positions.get(row.id) ?? null,
  }));
}

async function loadParts(executor: Executor, downloadIds: string[]): Promise<Map<string, DownloadView['parts']>> {
  if (downloadIds.length === 0) return new Map();
  const rows = await executor
    .select({
      downloadId: bundleParts.downloadId,
      number: bundleParts.number,
      size: bundleParts.size,
      etag: bundleParts.etag,
      delivery: bundleParts.delivery,
    })
    .from(bundleParts)
    .where(inArray(bundleParts.downloadId, downloadIds))
    .orderBy(asc(bundleParts.downloadId), asc(bundleParts.number));
  const byDownload = new Map<string, DownloadView['parts']>();
  for (const { downloadId, ...part } of rows) {
    const known = byDownload.get(downloadId);
    if (known === undefined) byDownload.set(downloadId, [part]);
    else known.push(part);
  }
  return byDownload;
}

/** The newest of each download: one that was retried has a link for each time that it became ready. */
async function loadDefaultLinks(executor: Executor, downloadIds: string[]) {
  const byDownload = new Map<string, NonNullable<DownloadView['defaultLink']>>();
  if (downloadIds.length === 0) return byDownload;
  const rows = await executor
    .select({
      id: links.id,
      downloadId: links.downloadId,
      sealedToken: links.sealedToken,
      expiresAt: links.expiresAt,
      revokedAt: links.revokedAt,
    })
    .from(links)
    .where(and(inArray(links.downloadId, downloadIds), isNotNull(links.sealedToken)))
    .orderBy(desc(links.id));
  for (const { id, downloadId, sealedToken, expiresAt, revokedAt } of rows) {
    if (sealedToken === null || byDownload.has(downloadId)) continue;
    byDownload.set(downloadId, { id, sealedToken, expiresAt, revokedAt });
  }
  return byDownload;
}

/**
 * In the order of arrival. The relay is fair between requesters, so somebody with many downloads may wait longer.
 * Each gap between two of the ids is counted in the index of states, and only once however many ids there are. Pairs
 * are compared because that index alone can serve them: by id alone, all that ended before would be read too.
 */
async function loadQueuePositions(executor: Executor, downloadIds: string[]): Promise<Map<string, number>> {
  if (downloadIds.length === 0) return new Map();
  const rows = await executor.execute<{ id: string; position: number }>(
    sql`select page.id, (1 + sum(gap.count) over (order by page.id))::int as position
      from (
        select id, lag(id, 1, ${NIL}::uuid) over (order by id) as previous
        from unnest(${`{${downloadIds.join(',')}}`}::uuid[]) as asked(id)
      ) as page
      cross join lateral (
        select count(*) as count
        from unnest(${`{${waiting.join(',')}}`}::text[]) as waiting(state)
        join ${downloads} on (${downloads.state}, ${downloads.id}) >= (waiting.state, page.previous)
          and (${downloads.state}, ${downloads.id}) < (waiting.state, page.id)
      ) as gap`,
  );
  return new Map(rows.map(({ id, position }) => [id, position]));
}
