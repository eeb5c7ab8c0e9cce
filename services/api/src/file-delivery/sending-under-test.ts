import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ByteRange } from '@sheaf/storage/blob-store';
import { openFileRange } from '@sheaf/storage/file-range-stream';
import { fastify } from 'fastify';
import { onTestFinished } from 'vitest';
import { type SentFile, sendFile } from './send-file.ts';

export interface SendingOptions {
  /** Of the file, which is sparse beyond what `random` fills of it. */
  size?: number;
  random?: number;
  /** Milliseconds after which a connection on which nothing moves is closed. */
  idle?: number;
  open?(range: ByteRange | undefined, path: string): Promise<Readable>;
  file?: Partial<SentFile>;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A server that sends one file to whoever connects, and what it did. */
export async function setupSending({ size = 2_000, random = size, idle = 0, open, file }: SendingOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-sending-'));
  const path = join(folder, 'archive.zip');
  const bytes = randomBytes(random);
  await writeFile(path, bytes);
  await truncate(path, size);
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  const told = { begun: [] as object[], sent: 0, handled: 0, responses: 0, errors: [] as unknown[] };
  const sources: Readable[] = [];
  let mostOpen = 0;

  const app = fastify({ connectionTimeout: idle });
  app.addHook('onResponse', async () => {
    told.responses += 1;
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-hook', 'ran');
    request.log.error = ({ err }: { err: unknown }) => void told.errors.push(err);
  });
  const sent: SentFile = {
    ...{ etag, size, mediaType: 'application/zip', fileName: 'folder/archive.zip', disposition: 'attachment' },
    async open(range) {
      const source = await (open?.(range, path) ?? openFileRange(path, range));
      sources.push(source);
      mostOpen = Math.max(mostOpen, sources.filter(({ closed }) => !closed).length);
      return source;
    },
    ...file,
  };
  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    handler: (incoming, reply) =>
      sendFile(incoming, reply, sent, {
        begin: async (answer) => void told.begun.push(answer),
        sent: (count) => {
          told.sent += count;
        },
        refused() {},
      }).finally(() => {
        told.handled += 1;
      }),
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    app.server.closeAllConnections();
    await app.close();
    await rm(folder, { recursive: true });
  });
  const { port } = app.server.address() as AddressInfo;

  return {
    ...{ app, path, bytes, etag, told, sources, port },
    mostOpen: () => mostOpen,
    /** Descriptors of the file that this process holds. */
    handles: () => descriptorsOf(path),
    fetch: (headers: Record<string, string> = {}, options: RequestOptions = {}): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const outgoing = request({ port, host: '127.0.0.1', headers, agent: false, ...options }, (response) => {
          const { statusCode = 0, headers: answered } = response;
          buffer(response).then((body) => resolve({ status: statusCode, headers: answered, body }), reject);
        });
        outgoing.on('error', reject);
        outgoing.end();
      }),
  };
}

function descriptorsOf(path: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      // Closed since the folder was read.
      return false;
    }
  }).length;
}

/** What a multipart answer holds, read by its boundary as a client does. */
export function partsOf({ headers, body }: Answer): { range: string; bytes: Buffer }[] {
  const boundary = /boundary=(\S+)$/.exec(headers['content-type'] ?? '')![1]!;
  const parts = [];
  for (let at = body.indexOf(`--${boundary}\r\n`); at !== -1; ) {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const end = body.indexOf(`\r\n--${boundary}`, headEnd);
    const range = /content-range: bytes (\S+)/i.exec(body.toString('latin1', at, headEnd))![1]!;
    parts.push({ range, bytes: body.subarray(headEnd + 4, end) });
    at = body.indexOf(`--${boundary}\r\n`, end);
  }
  return parts;
}
