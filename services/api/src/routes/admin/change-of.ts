import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from '../../api-deps.ts';
import { auditEvent } from '../../audit-event.ts';
import { currentUser } from '../../current-user.ts';
import type { AdministrativeChange } from '../../use-cases/administrative-change.ts';

/** Who changes something by this request, when and from where. */
export function changeOf(request: FastifyRequest, { clock }: Pick<ApiDeps, 'clock'>): AdministrativeChange {
  const now = clock();
  return { actorId: currentUser(request).id, now, told: (event) => auditEvent(request, { at: now, ...event }) };
}
