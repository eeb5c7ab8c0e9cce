import type { Settings } from '@sheaf/runtime/settings';
import type { FastifyReply } from 'fastify';
import type { Patience } from './use-cases/open-derivative.ts';

/** A request waits for a picture as long as RENDER_WAIT_SECONDS says, and no longer than its sender does. */
export function patienceFor(
  reply: FastifyReply,
  { RENDER_WAIT_SECONDS }: Pick<Settings, 'RENDER_WAIT_SECONDS'>,
): Patience {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return { milliseconds: RENDER_WAIT_SECONDS * 1_000, signal: gone.signal };
}
