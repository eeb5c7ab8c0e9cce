import type { Readable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import type { ByteRange } from '@sheaf/storage/blob-store';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../problems/send-problem.ts';
import type { AccessLog } from './access-log.ts';
import { chooseRange, mostRanges, type RangeChoice } from './choose-range.ts';
import { planBody } from './plan-body.ts';
import { sendBody } from './send-body.ts';

/** A file that never changes: a stored one, or one of which every byte is known. */
export type SentFile = FileIdentity & {
  /** Bytes. */
  size: number;
  mediaType: string;
  /** Shown to the person who saves it; folders in it are cut off. */
  fileName: string;
  disposition: 'attachment' | 'inline';
  /**
   * Where something else begins, for a file that is made of two: no range that is opened reaches over it, so that
   * nobody needs to join two streams, each with memory of its own.
   */
  seam?: number | undefined;
  /** Exactly these bytes; all where there is no range. Called for one range at a time. */
  open(range: ByteRange | undefined): Promise<Readable>;
};

/** `etag`: strong, with its quotation marks; made of the SHA-256 (lower-case hexadecimal) where it is not given. */
type FileIdentity = { sha256: string; etag?: string } | { etag: string; sha256?: string };

/**
 * Answers a GET or HEAD with a file, or the parts of it that are asked for. Nothing is read before the conditions are
 * judged and what is about to be sent is written down, nor for a HEAD. What cannot be read from the start is thrown;
 * where it turns out later, the connection is cut instead of ended. Resolves when the answer has ended, however.
 */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: SentFile,
  log: AccessLog | null,
): Promise<FastifyReply> {
  const etag = file.etag ?? `"${file.sha256}"`;
  const choice = chooseRange(request.method, request.headers, { etag, size: file.size });
  if (choice.status !== 200 && choice.status !== 206) return answerWithout(reply, file, etag, choice);

  const ranges = choice.status === 206 ? choice.ranges : [];
  const { headers, pieces, fileBytes } = planBody({ ...file, etag }, ranges);
  await log?.begin({ status: choice.status, rangeStart: ranges[0]?.start ?? null, bytes: fileBytes });
  const setHeaders = () => {
    setCommonHeaders(reply, etag)
      .code(choice.status)
      .headers(headers)
      .header('content-disposition', contentDisposition(baseName(file.fileName), { type: file.disposition }))
      // A document that is opened from here runs nothing and reaches nothing.
      .header('content-security-policy', "default-src 'none'; sandbox");
    if (file.sha256 !== undefined) reply.header('repr-digest', digestOf(file.sha256));
  };
  let begun = false;
  try {
    await sendBody(reply.raw, {
      pieces: request.method === 'HEAD' ? [] : pieces,
      open: (range) => file.open(range),
      begin() {
        setHeaders();
        reply.raw.writeHead(choice.status, reply.getHeaders() as Record<string, string>);
        reply.hijack();
        begun = true;
      },
      sent: (bytes) => log?.sent(bytes),
    });
  } catch (error) {
    if (!begun) throw error;
    request.log.error({ err: error }, 'a file could not be sent to its end');
    reply.raw.destroy();
  }
  return begun ? reply : reply.hijack();
}

function setCommonHeaders(reply: FastifyReply, etag: string): FastifyReply {
  return reply
    .header('etag', etag)
    .header('accept-ranges', 'bytes')
    .header('cache-control', 'private, no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff');
}

/** Answers with no part of the file. */
function answerWithout(
  reply: FastifyReply,
  { size }: SentFile,
  etag: string,
  choice: Exclude<RangeChoice, { status: 200 | 206 }>,
): FastifyReply {
  setCommonHeaders(reply, etag);
  if (choice.status === 304) return reply.code(304).send();
  if (choice.status === 412) {
    return sendProblem(
      reply,
      new AppError('input.invalid', 'The file is not the one that the request is meant for.'),
      412,
    );
  }
  const message =
    choice.reason === 'outside'
      ? `The file has ${size} bytes, none of the range.`
      : `More than ${mostRanges} ranges in one request. The file has ${size} bytes.`;
  return sendProblem(reply.header('content-range', `bytes */${size}`), new AppError('input.invalid', message), 416);
}

function digestOf(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
}

function baseName(name: string): string {
  return name.split(/[/\\]/).at(-1) || 'download';
}
