import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '@sheaf/domain/app-error';
import { toProblem } from './to-problem.ts';

/** Answers what the HTTP parser refuses, before there is a request, with a problem, and ends the connection. */
export function answerBrokenHttp(error: Error & { code?: string }, socket: Socket, requestId: string): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { status, problem: refusal } = refusalOf(error.code);
  const body = JSON.stringify({ ...toProblem(refusal, requestId), status });
  if (socket.writable) {
    socket.write(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        'Content-Type: application/problem+json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Cache-Control: no-store',
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroySoon();
}

function refusalOf(code: string | undefined): { status: number; problem: AppError } {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, problem: new AppError('input.too_large', 'The headers are larger than this server takes.') };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, problem: new AppError('input.invalid', 'The request did not come in time.') };
  }
  return { status: 400, problem: new AppError('input.invalid', 'The request is not valid HTTP.') };
}
