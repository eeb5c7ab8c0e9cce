import type { AuditEventJson } from '@sheaf/contract/audit';
import type { ListedAuditEvent } from '@sheaf/db/audit/list-audit-events';

/** An event of the audit log as the API shows it. */
export function auditJson({ at, hash, ...event }: ListedAuditEvent): AuditEventJson {
  return { ...event, at: at.toISOString(), hash: hash.toString('hex') };
}
