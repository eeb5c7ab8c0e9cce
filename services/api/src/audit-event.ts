import type { AuditEvent } from '@sheaf/domain/audit-event';
import type { ToldEvent } from '@sheaf/downloads/told-event';
import type { FastifyRequest } from 'fastify';
import { requestOrigin } from './request-origin.ts';

/** An event as one that this request brought about: by its sender, from its address, under its id. */
export function auditEvent(request: FastifyRequest, event: ToldEvent): AuditEvent {
  return {
    ...event,
    actorId: event.actorId === undefined ? (request.actor?.id ?? null) : event.actorId,
    ...requestOrigin(request),
    detail: { ...event.detail, requestId: request.id },
  };
}
