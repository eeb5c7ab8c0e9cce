import { findUser } from '@sheaf/db/users/find-user';
import { findUserByToken } from '@sheaf/db/users/find-user-by-token';
import { touchApiToken } from '@sheaf/db/users/touch-api-token';
import type { User } from '@sheaf/db/users/user';
import { AppError } from '@sheaf/domain/app-error';
import { hashSecretToken } from '@sheaf/runtime/secret-token';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps, App } from '../api-deps.ts';
import type { CurrentUser } from '../current-user.ts';
import type { SignInService } from '../sign-in-service.ts';

/** How exact "last used" of a token is. */
const touchEveryMs = 60_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set where the request has a token that is not valid. */
    invalidToken: boolean;
  }
}

/**
 * Finds out who sends each request: a bearer token counts alone, else the session cookie. Disabled users are nobody,
 * from the next request on. Add `refuseInvalidTokens` later.
 */
export function resolveActor(app: App, deps: ApiDeps, signIn: SignInService): void {
  app.decorateRequest('actor', null);
  app.decorateRequest('invalidToken', false);
  app.addHook('onRequest', async (request, reply) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      request.actor = await bySession(request, reply, deps, signIn);
    } else {
      request.actor = await byToken(authorization, deps);
      request.invalidToken = request.actor === null;
    }
  });
}

/**
 * Refuses a token that is not valid, even where nobody has to be signed in. Apart from `resolveActor`, so that rate
 * limits between the two count such requests by their address.
 */
export function refuseInvalidTokens(app: App): void {
  app.addHook('onRequest', async ({ invalidToken }) => {
    if (invalidToken) throw new AppError('auth.required', 'The API token is not valid.');
  });
}

async function byToken(authorization: string, { db, clock }: ApiDeps): Promise<CurrentUser | null> {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  const now = clock();
  const owner = token ? await findUserByToken(db.prepared, hashSecretToken(token), now) : null;
  if (!owner || owner.user.disabledAt) return null;
  const unlessSince = new Date(now.getTime() - touchEveryMs);
  if (!owner.lastUsedAt || owner.lastUsedAt < unlessSince) await touchApiToken(db.orm, owner.tokenId, now, unlessSince);
  return toCurrentUser(owner.user, 'token');
}

async function bySession(
  request: FastifyRequest,
  reply: FastifyReply,
  { db }: ApiDeps,
  signIn: SignInService,
): Promise<CurrentUser | null> {
  const { cookie } = request.headers;
  if (!cookie?.includes('session_token')) return null;
  const { headers, response } = await signIn.api.getSession({ headers: new Headers({ cookie }), returnHeaders: true });
  if (!response) return null;
  for (const renewed of headers.getSetCookie()) reply.header('set-cookie', renewed);
  const user = await findUser(db.prepared, response.user.id);
  return user && !user.disabledAt ? toCurrentUser(user, 'session') : null;
}

function toCurrentUser(user: User, via: CurrentUser['via']): CurrentUser {
  const { id, role, dynamicRenditions, groups, email, name, emailNotifications, language } = user;
  return { id, role, dynamicRenditions, groups, email, name, preferences: { emailNotifications, language }, via };
}
