import type { FastifyRequest } from 'fastify';

/** What a reader has seen before. Null where it says nothing, or nothing that we could have said. */
export function lastEventId(request: FastifyRequest): string | null {
  const header = request.headers['last-event-id'];
  const { lastEventId: asked } = request.query as { lastEventId?: string };
  const id = typeof header === 'string' && header !== '' ? header : asked;
  return id !== undefined && /^\d{1,19}$/.test(id) ? id : null;
}
