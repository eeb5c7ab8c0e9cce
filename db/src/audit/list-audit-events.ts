import type { AuditAction } from '@sheaf/domain/audit-event';
import { and, desc, eq, gte, ilike, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { escapeLike } from '../escape-like.ts';
import { users } from '../schema/auth.ts';
import { auditEvents } from '../schema/evidence.ts';
import type { AuditRecord } from './audit-record.ts';

export interface AuditFilter {
  /** Whoever did it. */
  userId?: string | undefined;
  /** Events of the asset, and of the downloads that it is in. */
  assetId?: string | undefined;
  /** Events of the licence, and of the downloads with assets that are under it or for which it was accepted. */
  licenceId?: string | undefined;
  downloadId?: string | undefined;
  action?: AuditAction | undefined;
  /** Included. */
  from?: Date | undefined;
  /** Not included. */
  to?: Date | undefined;
  /** Part of the record, whatever its case. */
  q?: string | undefined;
}

export interface ListedAuditEvent {
  seq: number;
  at: Date;
  actor: { id: string; name: string | null; email: string | null } | null;
  action: string;
  downloadId: string | null;
  assetId: string | null;
  licenceId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  detail: Record<string, unknown>;
  hash: Buffer;
}

export interface AuditPage {
  filter: AuditFilter;
  /** Only events before this one: the last of the page before. */
  before?: number | undefined;
  limit: number;
}

/** The newest first. Who did it is named as now; what was recorded is as it was then. */
export async function listAuditEvents(executor: Executor, page: AuditPage): Promise<ListedAuditEvent[]> {
  const rows = await executor
    .select({ event: auditEvents, name: users.name, email: users.email })
    .from(auditEvents)
    .leftJoin(users, eq(users.id, auditEvents.actorId))
    .where(matches(page))
    .orderBy(desc(auditEvents.seq))
    .limit(page.limit);
  return rows.map(({ event, name, email }) => {
    const { ipAddress, userAgent, detail } = recordOf(event.record);
    const { seq, at, actorId, action, downloadId, assetId, licenceId, hash } = event;
    const actor = actorId === null ? null : { id: actorId, name, email };
    return { seq, at, actor, action, downloadId, assetId, licenceId, ipAddress, userAgent, detail, hash };
  });
}

function matches({ filter, before }: AuditPage): SQL | undefined {
  const { userId, assetId, licenceId, downloadId, action, from, to, q } = filter;
  return and(
    before === undefined ? undefined : lt(auditEvents.seq, before),
    userId ? eq(auditEvents.actorId, userId) : undefined,
    downloadId ? eq(auditEvents.downloadId, downloadId) : undefined,
    action ? eq(auditEvents.action, action) : undefined,
    from ? gte(auditEvents.at, from) : undefined,
    to ? lt(auditEvents.at, to) : undefined,
    q ? ilike(auditEvents.record, `%${escapeLike(q)}%`) : undefined,
    assetId ? or(eq(auditEvents.assetId, assetId), inDownloads(withAsset(assetId))) : undefined,
    licenceId ? or(eq(auditEvents.licenceId, licenceId), inDownloads(underLicence(licenceId))) : undefined,
  );
}

/** An array that is made once: both sides of the `or` are looked up by index, however long the log. */
function inDownloads(downloadIds: SQL): SQL {
  return sql`${auditEvents.downloadId} = any(array(${downloadIds}))`;
}

function withAsset(assetId: string): SQL {
  return sql`select download_id from download_items where asset_id = ${assetId} and outcome = 'included'`;
}

function underLicence(licenceId: string): SQL {
  return sql`
    select download_id from acceptances where licence_id = ${licenceId} and download_id is not null
    union
    select item.download_id from assets join download_items item on item.asset_id = assets.id
    where assets.licence_id = ${licenceId} and item.outcome = 'included'`;
}

/** Of a record that somebody made unreadable, what can be listed: `sheaf audit verify` names it. */
function recordOf(record: string): Pick<AuditRecord, 'ipAddress' | 'userAgent' | 'detail'> {
  try {
    return JSON.parse(record);
  } catch {
    return { ipAddress: null, userAgent: null, detail: { unreadable: record } };
  }
}
