import { AppError } from '@sheaf/domain/app-error';
import type { FastifyReply } from 'fastify';
import type { App } from '../api-deps.ts';
import { errorStatus } from '../problems/error-status.ts';
import { sendProblem } from '../problems/send-problem.ts';
import { toAppError } from '../problems/to-app-error.ts';

/** Every failure of every route is answered as problem+json; the log gets what the caller does not. */
export function answerErrorsAsProblems(app: App): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = toAppError(thrown);
    if (errorStatus[error.code].status >= 500) {
      request.log.error({ err: error, code: error.code, detail: error.detail }, 'request failed');
    }
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return reply;
    }
    return sendProblem(reply, error);
  });
}

/** The answer to an address that nothing serves. */
export function answerUnknownAddress(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, new AppError('resource.not_found', 'There is nothing at this address.'));
}
