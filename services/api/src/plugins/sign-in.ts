import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import type { Clock } from '@sheaf/runtime/clock';
import type { FastifyRequest } from 'fastify';
import type { ApiDeps, App } from '../api-deps.ts';
import { auditEvent } from '../audit-event.ts';
import type { SignInService } from '../sign-in-service.ts';
import { mountChangePassword } from './change-password.ts';
import { findSession } from './find-session.ts';
import { forward, sendForwarded } from './forward.ts';
import { limitRate } from './rate-limits.ts';

/** Passwords tried from one address. */
const signInsPerMinute = 10;

export interface SignInServices {
  signIn: SignInService;
  /** The same, in a transaction. */
  signInWithin(tx: Executor): SignInService;
}

/** Mounts what a browser needs of better-auth, and nothing else of it. */
export async function mountSignIn(app: App, deps: ApiDeps, services: SignInServices): Promise<void> {
  const { db, clock } = deps;
  const { signIn } = services;
  const recordSignIn = (request: FastifyRequest, userId: string) => {
    const event = { at: clock(), action: 'user.signed_in', actorId: userId, detail: { method: 'password' } } as const;
    return db.transaction((tx) => appendAuditEvent(tx, auditEvent(request, event)));
  };
  await app.register(async (scope: App) => {
    limitRate(scope, signInsPerMinute);
    scope.post('/sign-in/email', { schema: { hide: true } }, async (request, reply) => {
      const answer = await forward(request, signIn);
      // Before the cookie is sent: nobody is let in without a record of it.
      await recordSignIn(request, (answer.json.user as { id: string }).id);
      return sendForwarded(reply, answer);
    });
    mountChangePassword(scope, deps, services.signInWithin);
  });
  app.post('/sign-out', { schema: { hide: true } }, async (request, reply) => {
    await endSession(request, signIn, clock);
    return sendForwarded(reply, await forward(request, signIn));
  });
  app.get('/get-session', { schema: { hide: true } }, async (request, reply) => {
    await findSession(request.headers.cookie, signIn, clock);
    return sendForwarded(reply, await forward(request, signIn, { query: { disableRefresh: 'true' } }));
  });
}

/** The sign-out of better-auth says that all is well even where it could delete nothing. */
async function endSession(request: FastifyRequest, signIn: SignInService, clock: Clock): Promise<void> {
  const found = await findSession(request.headers.cookie, signIn, clock);
  if (!found) return;
  const { internalAdapter } = await signIn.$context;
  await internalAdapter.deleteSession(found.session.token);
}
