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

/**
 * Finds out who sends each request: a bearer token counts alone, else the session cookie. A token that is not valid is
 * refused even where nobody has to be signed in. Disabled users are nobody, from the next request on.
 */
export function resolveActor(app: App, deps: ApiDeps, signIn: SignInService): void {
  app.decorateRequest('actor', null);
  app.addHook('onRequest', async (request, reply) => {
    request.actor =
      request.headers.authorization === undefined
        ? await bySession(request, reply, deps, signIn)
        : await byToken(request.headers.authorization, deps);
  });
}

async function byToken(authorization: string, { db, clock }: ApiDeps): Promise<CurrentUser> {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  const now = clock();
  const owner = token ? await findUserByToken(db.orm, hashSecretToken(token), now) : null;
  if (!owner || owner.user.disabledAt) throw new AppError('auth.required', 'The API token is not valid.');
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
  const user = await findUser(db.orm, response.user.id);
  return user && !user.disabledAt ? toCurrentUser(user, 'session') : null;
}

function toCurrentUser(user: User, via: CurrentUser['via']): CurrentUser {
  const { id, role, dynamicRenditions, email, name, emailNotifications, language } = user;
  return { id, role, dynamicRenditions, email, name, preferences: { emailNotifications, language }, via };
}
