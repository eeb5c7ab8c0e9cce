import { finished, type Readable } from 'node:stream';
import type { Executor } from '@sheaf/db/database';
import { type Access, recordAccess } from '@sheaf/db/downloads/record-access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestOrigin } from '../request-origin.ts';
import { CountedStream } from './counted-stream.ts';

/** Follows one answer to its end. */
export interface AccessLog {
  /** The bytes on their way out, counted. */
  count(source: Readable, rangeStart: number | null): Readable;
}

type AccessSubject = Pick<Access, 'linkId' | 'downloadId' | 'part' | 'assetId' | 'renditionId' | 'userId'>;

/**
 * Records who was answered with what once the answer has ended, also where the connection broke off: `bytesSent` is
 * what was handed to the network until then. A record that cannot be written is logged and fails nothing.
 */
export function logAccess(
  deps: { executor: Executor; clock: () => Date },
  request: FastifyRequest,
  reply: FastifyReply,
  subject: AccessSubject,
): AccessLog {
  const at = deps.clock();
  // Now, because a socket that is gone has no address any more.
  const origin = requestOrigin(request);
  let counted: CountedStream | undefined;
  let rangeStart: number | null = null;
  finished(reply.raw, (brokenOff) => {
    const passed = counted?.bytes ?? 0;
    const bytesSent = brokenOff ? passed - reply.raw.writableLength : passed;
    recordAccess(deps.executor, {
      ...subject,
      ...origin,
      status: reply.raw.statusCode,
      rangeStart,
      bytesSent: Math.max(0, bytesSent),
      at,
    }).catch((error: unknown) => request.log.error({ err: error }, 'an access could not be recorded'));
  });
  return {
    count(source, start) {
      rangeStart = start;
      counted = new CountedStream();
      source.once('error', (error) => counted?.destroy(error));
      counted.once('close', () => source.destroy());
      return source.pipe(counted);
    },
  };
}
