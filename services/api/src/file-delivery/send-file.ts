import type { Readable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import type { ByteRange } from '@sheaf/storage/blob-store';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../problems/send-problem.ts';
import type { AccessLog } from './access-log.ts';
import { chooseRange } from './choose-range.ts';

/** A stored file that never changes. */
export interface SentFile {
  /** Lower-case hexadecimal; becomes the strong ETag. */
  sha256: string;
  /** Bytes. */
  size: number;
  mediaType: string;
  /** Shown to the person who saves it; folders in it are cut off. */
  fileName: string;
  disposition: 'attachment' | 'inline';
  open(range: ByteRange | undefined): Promise<Readable>;
}

/**
 * Answers a GET or HEAD with a file, or the part of it that is asked for. Nothing is read before the conditions are
 * judged and what is about to be sent is written down, nor for a HEAD. Where the bytes turn out to be fewer than promised, the connection is cut instead of ended.
 */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: SentFile,
  log: AccessLog | null,
): Promise<FastifyReply> {
  const etag = `"${file.sha256}"`;
  const choice = chooseRange(request.method, request.headers, { etag, size: file.size });
  const range = choice.status === 206 ? { start: choice.start, end: choice.end } : undefined;
  const length = range === undefined ? file.size : range.end - range.start + 1;
  // Before any header, so that who is refused here is told without those of the file.
  if (choice.status === 200 || choice.status === 206) {
    await log?.begin({ status: choice.status, rangeStart: range?.start ?? null, bytes: length });
  }
  reply
    .code(choice.status)
    .header('etag', etag)
    .header('accept-ranges', 'bytes')
    .header('cache-control', 'private, no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff');
  if (choice.status === 304) return reply.send();
  if (choice.status === 412) {
    return sendProblem(
      reply,
      new AppError('input.invalid', 'The file is not the one that the request is meant for.'),
      412,
    );
  }
  if (choice.status === 416) {
    reply.header('content-range', `bytes */${file.size}`);
    return sendProblem(
      reply,
      new AppError('input.invalid', `The file has ${file.size} bytes, none of the range.`),
      416,
    );
  }

  reply
    .type(file.mediaType)
    .header('content-length', String(length))
    .header('content-disposition', contentDisposition(baseName(file.fileName), { type: file.disposition }))
    // A document that is opened from here runs nothing and reaches nothing.
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('repr-digest', `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`);
  if (range !== undefined) reply.header('content-range', `bytes ${range.start}-${range.end}/${file.size}`);
  if (request.method === 'HEAD') return reply.send();
  const source = await file.open(range);
  return reply.send(log === null ? source : log.count(source));
}

function baseName(name: string): string {
  return name.split(/[/\\]/).at(-1) || 'download';
}
