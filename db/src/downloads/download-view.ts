import type { DownloadState } from '@sheaf/domain/download-state';
import { estimateSeconds, type Throughput } from '@sheaf/domain/estimate-seconds';
import { and, asc, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { bundleParts } from '../schema/bundles.ts';
import { downloads } from '../schema/downloads.ts';
import { links } from '../schema/links.ts';
import { loadQueuePlaces, type QueuePlace } from './load-queue-places.ts';
import { loadThroughput } from './load-throughput.ts';

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
  stepStartedAt: downloads.stepStartedAt,
  readAt: sql<Date>`now()`.mapWith(downloads.startedAt),
  readyAt: downloads.readyAt,
  expiresAt: downloads.expiresAt,
};

type DownloadRow = Pick<typeof downloads.$inferSelect, Exclude<keyof typeof columns, 'requester' | 'readAt'>> & {
  /** By the database's clock, which the times of a worker's steps are of. */
  readAt: Date;
  requester: { id: string; name: string; email: string };
};

/** A download with its bundle, as far as there is one. */
export interface DownloadView extends DownloadRow {
  /** By number; empty before the download is ready. */
  parts: Pick<typeof bundleParts.$inferSelect, 'number' | 'size' | 'etag' | 'delivery' | 'fault'>[];
  /** The link made when the bundle was published, still sealed; null where there is none that could be shown. */
  defaultLink: { id: string; sealedToken: Buffer; expiresAt: Date; revokedAt: Date | null } | null;
  /** From 1 among the downloads that wait for a worker; null for all others. */
  queuePosition: number | null;
  /** Whether it begins only once another one of its requester's has ended. */
  waitsForOwn: boolean;
  /** Until it is ready, at the pace of late; null where that is not known, and once nothing is being done. */
  etaSeconds: number | null;
}

/** The statement that a lookup or a list narrows down; its rows go to `completeDownloadViews`. */
export function selectDownloads(executor: Executor) {
  return executor.select(columns).from(downloads).innerJoin(users, eq(users.id, downloads.requesterId)).$dynamic();
}

const waiting: readonly DownloadState[] = ['requested', 'queued'];
const underWay: readonly DownloadState[] = [...waiting, 'gathering', 'packing'];

/** Adds to each row what lies in other tables: at most four statements, however many rows. */
export async function completeDownloadViews(executor: Executor, rows: readonly DownloadRow[]): Promise<DownloadView[]> {
  const withBundle = rows.filter(({ readyAt }) => readyAt !== null).map(({ id }) => id);
  const waitingIds = rows.filter(({ state }) => waiting.includes(state)).map(({ id }) => id);
  const [parts, defaultLinks, places, throughput] = await Promise.all([
    loadParts(executor, withBundle),
    loadDefaultLinks(executor, withBundle),
    loadQueuePlaces(executor, waitingIds),
    rows.some(({ state }) => underWay.includes(state)) ? loadThroughput(executor) : null,
  ]);
  return rows.map((row) => {
    const place = places.get(row.id) ?? null;
    return {
      ...row,
      parts: parts.get(row.id) ?? [],
      defaultLink: defaultLinks.get(row.id) ?? null,
      queuePosition: place?.position ?? null,
      waitsForOwn: place?.waitsForOwn ?? false,
      etaSeconds: throughput === null ? null : etaOf(row, place, throughput),
    };
  });
}

function etaOf(row: DownloadRow, place: QueuePlace | null, throughput: Throughput): number | null {
  const { state, bytesTotal: bytes, bytesDone, readAt, startedAt, stepStartedAt } = row;
  const secondsSince = (time: Date | null) =>
    time === null ? 0 : Math.max(0, (readAt.getTime() - time.getTime()) / 1_000);
  const seconds = secondsSince(startedAt);
  if (place !== null) {
    const ahead = { downloads: place.position - 1, bytes: place.bytesAhead };
    return estimateSeconds({ state: 'waiting', bytes, ahead, own: place.own }, throughput);
  }
  if (state === 'gathering') return estimateSeconds({ state: 'begun', bytes, seconds }, throughput);
  if (state !== 'packing') return null;
  return estimateSeconds({ state, bytes, bytesDone, stepSeconds: secondsSince(stepStartedAt), seconds }, throughput);
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
      fault: bundleParts.fault,
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
