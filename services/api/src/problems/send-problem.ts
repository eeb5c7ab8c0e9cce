import type { AppError } from '@sheaf/domain/app-error';
import type { FastifyReply } from 'fastify';
import { isForPeople, problemPage, problemPagePolicy } from './problem-page.ts';
import { toProblem } from './to-problem.ts';

/** Seconds after which a caller may try again, where the error does not say. */
const defaultRetryAfter = 5;

/** Answers with an error as `application/problem+json`, or as a page where a person has opened a link; with another status than usual where a route has its reasons. */
export function sendProblem(reply: FastifyReply, error: AppError, status?: number): FastifyReply {
  const problem = toProblem(error, reply.request.id);
  if (status !== undefined) problem.status = status;
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if ((error.retryable || problem.status === 429) && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', String(error.detail.retryAfter ?? defaultRetryAfter));
  }
  reply.code(problem.status).header('cache-control', 'no-store');
  if (isForPeople(reply.request)) {
    return reply
      .header('content-security-policy', problemPagePolicy)
      .header('vary', 'accept')
      .type('text/html; charset=utf-8')
      .serializer(String)
      .send(problemPage(problem));
  }
  return reply.type('application/problem+json; charset=utf-8').serializer(JSON.stringify).send(problem);
}
