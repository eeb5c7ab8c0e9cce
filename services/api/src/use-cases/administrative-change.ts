import type { AuditEvent } from '@sheaf/domain/audit-event';

/** Who changes something, and when. */
export interface AdministrativeChange {
  actorId: string;
  now: Date;
  /** Completes an event with who it was and where it came from. */
  told(event: Pick<AuditEvent, 'action' | 'detail'>): AuditEvent;
}
