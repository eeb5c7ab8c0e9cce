import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from '../../../api-deps.ts';
import { currentUser } from '../../../current-user.ts';
import { requestOrigin } from '../../../request-origin.ts';
import type { PresetChanger } from '../../../use-cases/change-preset.ts';

export function presetChanger(request: FastifyRequest, { clock }: Pick<ApiDeps, 'clock'>): PresetChanger {
  return { actorId: currentUser(request).id, now: clock(), origin: requestOrigin(request) };
}
