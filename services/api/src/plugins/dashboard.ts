import { existsSync } from 'node:fs';
import path from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyRequest } from 'fastify';
import type { App } from '../api-deps.ts';
import { answerUnknownAddress } from './problem-errors.ts';

/** Files whose names change with their contents. */
const immutableFolder = `${path.sep}_app${path.sep}immutable${path.sep}`;

/**
 * Serves the built dashboard, where there is one: its files, and its page for every address that a person may have
 * opened. Every other unknown address is a problem.
 */
export async function serveDashboard(app: App, folder: string | null): Promise<void> {
  if (folder === null || !existsSync(path.join(folder, 'index.html'))) {
    app.setNotFoundHandler((_request, reply) => answerUnknownAddress(reply));
    return;
  }
  await app.register(staticFiles, {
    root: folder,
    wildcard: true,
    // The build leaves a `.br` and a `.gz` beside each file.
    preCompressed: true,
    schemaHide: true,
    cacheControl: false,
    setHeaders(reply, filePath) {
      const immutable = filePath.includes(immutableFolder);
      reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    if (isPage(request)) return reply.sendFile('index.html');
    return answerUnknownAddress(reply);
  });
}

function isPage({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return !/^\/(api|d|docs|_app)(\/|$)/.test(url) && (headers.accept ?? '').includes('text/html');
}
