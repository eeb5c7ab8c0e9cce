import type { AppError } from '@sheaf/domain/app-error';
import type { FastifyReply } from 'fastify';
import { toProblem } from './to-problem.ts';

/** Seconds after which a caller may try again, where the error does not say. */
const defaultRetryAfter = 5;

/** Answers with an error as `application/problem+json`; with another status than usual where a route has its reasons. */
export function sendProblem(reply: FastifyReply, error: AppError, status?: number): FastifyReply {
  const problem = toProblem(error, reply.request.id);
  if (status !== undefined) problem.status = status;
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if ((error.retryable || problem.status === 429) && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', String(error.detail.retryAfter ?? defaultRetryAfter));
  }
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problem);
}
