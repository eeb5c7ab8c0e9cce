import type { AuditEvent } from '@sheaf/domain/audit-event';

/** An event as its row keeps it, in this order of keys. What does not apply is null. */
export interface AuditRecord {
  /** RFC 3339 with milliseconds, UTC. */
  at: string;
  actorId: string | null;
  action: string;
  downloadId: string | null;
  assetId: string | null;
  licenceId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  detail: Record<string, unknown>;
}

/** What is written and hashed for an event, as JSON. */
export function auditRecord(event: AuditEvent): AuditRecord {
  return {
    at: event.at.toISOString(),
    actorId: event.actorId ?? null,
    action: event.action,
    downloadId: event.downloadId ?? null,
    assetId: event.assetId ?? null,
    licenceId: event.licenceId ?? null,
    ipAddress: event.ipAddress ?? null,
    userAgent: event.userAgent ?? null,
    detail: event.detail ?? {},
  };
}
