import { asc, desc, eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { bundleParts } from '../schema/bundles.ts';
import { licences } from '../schema/catalogue.ts';
import { acceptances, downloadLicences, downloadSteps, downloads } from '../schema/downloads.ts';
import { accesses, links } from '../schema/links.ts';

/** Rows of each sort at most: what has more of them is shown the newest. */
const most = 200;

/** What belongs to a download beside its items, for administrators. */
export async function loadDownloadDetail(executor: Executor, downloadId: string) {
  const [facts, steps, parts, held, accepted, linkRows, access] = await Promise.all([
    loadFacts(executor, downloadId),
    executor
      .select()
      .from(downloadSteps)
      .where(eq(downloadSteps.downloadId, downloadId))
      .orderBy(desc(downloadSteps.epoch))
      .limit(most),
    loadParts(executor, downloadId),
    executor
      .select({ id: licences.id, title: licences.title })
      .from(downloadLicences)
      .innerJoin(licences, eq(licences.id, downloadLicences.licenceId))
      .where(eq(downloadLicences.downloadId, downloadId))
      .orderBy(asc(licences.title), asc(licences.id))
      .limit(most),
    loadAcceptances(executor, downloadId),
    loadLinks(executor, downloadId),
    countAccesses(executor, downloadId),
  ]);
  return { ...facts, steps: steps.toReversed(), parts, licences: held, acceptances: accepted, links: linkRows, access };
}

export type DownloadDetail = Awaited<ReturnType<typeof loadDownloadDetail>>;

async function loadFacts(executor: Executor, downloadId: string) {
  const [facts] = await executor
    .select({
      request: downloads.request,
      epoch: downloads.epoch,
      workerId: downloads.workerId,
      leaseUntil: downloads.leaseUntil,
      crashes: downloads.crashes,
      requestId: downloads.requestId,
      ipAddress: downloads.ipAddress,
      userAgent: downloads.userAgent,
      restOf: downloads.restOf,
      queuedAt: downloads.queuedAt,
      startedAt: downloads.startedAt,
      cancelRequestedAt: downloads.cancelRequestedAt,
    })
    .from(downloads)
    .where(eq(downloads.id, downloadId));
  const [rest] = await executor.select({ id: downloads.id }).from(downloads).where(eq(downloads.restOf, downloadId));
  return { facts: facts ?? null, restId: rest?.id ?? null };
}

/** With how many other downloads share each part's bundle. */
async function loadParts(executor: Executor, downloadId: string) {
  return executor
    .select({
      number: bundleParts.number,
      delivery: bundleParts.delivery,
      fileName: bundleParts.fileName,
      size: bundleParts.size,
      etag: bundleParts.etag,
      sha256: bundleParts.sha256,
      entries: bundleParts.entries,
      bundleId: bundleParts.bundleId,
      sharedWith: sql<number>`(
        select count(distinct other.download_id)::int from ${bundleParts} other
        where other.bundle_id = ${bundleParts}.bundle_id and other.download_id <> ${downloadId}::uuid)`,
    })
    .from(bundleParts)
    .where(eq(bundleParts.downloadId, downloadId))
    .orderBy(asc(bundleParts.number))
    .limit(most);
}

async function loadAcceptances(executor: Executor, downloadId: string) {
  return executor
    .select({
      id: acceptances.id,
      licence: { id: licences.id, title: licences.title },
      version: acceptances.version,
      sha256: acceptances.sha256,
      ipAddress: acceptances.ipAddress,
      acceptedAt: acceptances.acceptedAt,
    })
    .from(acceptances)
    .innerJoin(licences, eq(licences.id, acceptances.licenceId))
    .where(eq(acceptances.downloadId, downloadId))
    .orderBy(asc(acceptances.id))
    .limit(most);
}

async function loadLinks(executor: Executor, downloadId: string) {
  return executor
    .select({
      id: links.id,
      createdBy: { id: users.id, name: users.name },
      isDefault: sql<boolean>`${links.sealedToken} is not null`,
      createdAt: links.createdAt,
      expiresAt: links.expiresAt,
      revokedAt: links.revokedAt,
      uses: sql<number>`(select count(*)::int from ${accesses} a where a.download_id = ${downloadId}::uuid and a.link_id = ${links}.id)`,
      lastUsedAt: sql<
        string | null
      >`(select max(a.at) from ${accesses} a where a.download_id = ${downloadId}::uuid and a.link_id = ${links}.id)`,
    })
    .from(links)
    .innerJoin(users, eq(users.id, links.createdBy))
    .where(eq(links.downloadId, downloadId))
    .orderBy(desc(links.id))
    .limit(most);
}

async function countAccesses(executor: Executor, downloadId: string) {
  const [row] = await executor.execute<{
    count: number;
    bytes: string;
    firstAt: string | null;
    lastAt: string | null;
  }>(sql`
    select count(*)::int as count, coalesce(sum(bytes_sent), 0) as bytes, min(at) as "firstAt", max(at) as "lastAt"
    from ${accesses} where download_id = ${downloadId}::uuid`);
  return {
    count: row?.count ?? 0,
    bytes: Number(row?.bytes ?? 0),
    firstAt: row?.firstAt ?? null,
    lastAt: row?.lastAt ?? null,
  };
}
