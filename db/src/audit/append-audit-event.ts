import type { AuditEvent } from '@sheaf/domain/audit-event';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { auditRecord } from './audit-record.ts';

/**
 * Adds an event to the audit log, in the caller's transaction: it is recorded if and only if what it tells of is. Other
 * transactions that append wait until this one ends, so make it the last statement.
 */
export async function appendAuditEvent(tx: Executor, event: AuditEvent): Promise<void> {
  await appendAuditEvents(tx, [event]);
}

/** `appendAuditEvent` for several, in this order, as one statement. */
export async function appendAuditEvents(tx: Executor, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => {
    const record = auditRecord(event);
    const { detail: _, ipAddress: __, userAgent: ___, ...columns } = record;
    return { ...columns, record: JSON.stringify(record) };
  });
  await tx.execute(sql`
    select append_audit_event(at, "actorId", action, "downloadId", "assetId", "licenceId", record)
    from rows from (json_to_recordset(${JSON.stringify(rows)}::text::json) as (
      at timestamptz, "actorId" uuid, action text, "downloadId" uuid, "assetId" uuid, "licenceId" uuid, record text
    )) as event`);
}
