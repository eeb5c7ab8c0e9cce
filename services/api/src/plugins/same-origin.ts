import { AppError } from '@sheaf/domain/app-error';
import type { FastifyRequest } from 'fastify';
import type { ApiDeps, App } from '../api-deps.ts';

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses requests that a browser sends from another site with the user's cookies. Requests with a token are exempt:
 * no browser adds one by itself. Programs send neither header and are let through, since they hold no one else's cookies.
 */
export function refuseForeignOrigins(app: App, { settings }: Pick<ApiDeps, 'settings'>): void {
  const publicOrigin = settings.PUBLIC_URL ? new URL(settings.PUBLIC_URL).origin : null;
  app.addHook('onRequest', async (request) => {
    if (safeMethods.includes(request.method) || request.headers.authorization) return;
    if (isForeign(request, publicOrigin)) {
      throw new AppError('auth.forbidden', 'This request comes from another site.');
    }
  });
}

function isForeign(request: FastifyRequest, publicOrigin: string | null): boolean {
  const { origin } = request.headers;
  if (origin !== undefined && origin === publicOrigin) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && URL.parse(origin)?.host !== request.host;
}
