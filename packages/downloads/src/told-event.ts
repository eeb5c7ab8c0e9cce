import type { AuditEvent } from '@sheaf/domain/audit-event';

/** What an event tells beyond who asked for it, when not of somebody else, and from where. */
export type ToldEvent = Omit<AuditEvent, 'ipAddress' | 'userAgent'>;
