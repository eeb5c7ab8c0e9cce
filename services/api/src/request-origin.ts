import type { RequestOrigin } from '@sheaf/db/downloads/record-acceptances';
import type { FastifyRequest } from 'fastify';

const longestUserAgent = 500;

/** Where a request came from, for the records. */
export function requestOrigin(request: FastifyRequest): RequestOrigin {
  return { ipAddress: request.ip, userAgent: request.headers['user-agent']?.slice(0, longestUserAgent) ?? null };
}
