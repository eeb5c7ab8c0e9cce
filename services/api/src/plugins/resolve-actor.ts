import type { IncomingHttpHeaders } from 'node:http';
import { findUser } from '@sheaf/db/users/find-user';
import { findUserByToken } from '@sheaf/db/users/find-user-by-token';
import { touchApiToken } from '@sheaf/db/users/touch-api-token';
import type { User } from '@sheaf/db/users/user';
import { AppError } from '@sheaf/domain/app-error';
import { hashSecretToken } from '@sheaf/runtime/secret-token';
import type { ApiDeps, App } from '../api-deps.ts';
import type { CurrentUser } from '../current-user.ts';
import { renewedAfterMs, type SignInService, sessionMs } from '../sign-in-service.ts';
import { findSession } from './find-session.ts';

/** How exact "last used" of a token is. */
const touchEveryMs = 60_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set where the request has a token that is not valid. */
    invalidToken: boolean;
  }
  interface FastifyInstance {
    /** Who the sender of these headers is now; null for nobody. For what goes on after its request was resolved. */
    findActor(headers: IncomingHttpHeaders): Promise<CurrentUser | null>;
  }
}

/**
 * Finds out who sends each request: a bearer token counts alone, else the session cookie. Disabled users are nobody,
 * from the next request on. Add `refuseInvalidTokens` later.
 */
export function resolveActor(app: App, deps: ApiDeps, signIn: SignInService): void {
  app.decorateRequest('actor', null);
  app.decorateRequest('invalidToken', false);
  app.decorate('findActor', async ({ authorization, cookie }) => {
    if (authorization !== undefined) return byToken(authorization, deps);
    return (await bySession(cookie, deps, signIn, { renew: false }))?.user ?? null;
  });
  app.addHook('onRequest', async (request, reply) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      const session = await bySession(request.headers.cookie, deps, signIn, { renew: true });
      for (const cookie of session?.renewed ?? []) reply.header('set-cookie', cookie);
      request.actor = session?.user ?? null;
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

/** The user of a session, if any, and the cookies that go on with it where it was renewed. */
async function bySession(
  cookie: string | undefined,
  { db, clock }: ApiDeps,
  signIn: SignInService,
  { renew }: { renew: boolean },
): Promise<{ user: CurrentUser | null; renewed: string[] } | null> {
  if (!cookie?.includes('session_token')) return null;
  const found = await findSession(cookie, signIn, clock);
  if (!found) return null;
  const isDue = found.session.expiresAt.getTime() - clock().getTime() < sessionMs - renewedAfterMs;
  const renewed =
    renew && isDue
      ? (await signIn.api.getSession({ headers: new Headers({ cookie }), returnHeaders: true })).headers.getSetCookie()
      : [];
  const user = await findUser(db.prepared, found.user.id);
  return { user: user && !user.disabledAt ? toCurrentUser(user, 'session') : null, renewed };
}

function toCurrentUser(user: User, via: CurrentUser['via']): CurrentUser {
  const { id, role, dynamicRenditions, groups, email, name, emailNotifications, language } = user;
  return { id, role, dynamicRenditions, groups, email, name, preferences: { emailNotifications, language }, via };
}
