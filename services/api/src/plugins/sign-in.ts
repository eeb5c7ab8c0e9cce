import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import { AppError, type ErrorCode } from '@sheaf/domain/app-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps, App } from '../api-deps.ts';
import { auditEvent } from '../audit-event.ts';
import { sendProblem } from '../problems/send-problem.ts';
import { authPath, clientAddressHeader, type SignInService } from '../sign-in-service.ts';
import { limitRate } from './rate-limits.ts';

const codes: Record<number, ErrorCode> = { 401: 'auth.required', 403: 'auth.forbidden', 429: 'rate.limited' };

/** Passwords tried from one address. */
const signInsPerMinute = 10;

/** Mounts what a browser needs of better-auth, and nothing else of it. */
export async function mountSignIn(app: App, { db, clock }: ApiDeps, signIn: SignInService): Promise<void> {
  const handler = (request: FastifyRequest, reply: FastifyReply) => forward(request, reply, signIn);
  // Before the cookie is sent: nobody is let in without a record of it.
  const recordSignIn = (request: FastifyRequest, userId: string) => {
    const event = { at: clock(), action: 'user.signed_in', actorId: userId, detail: { method: 'password' } } as const;
    return db.transaction((tx) => appendAuditEvent(tx, auditEvent(request, event)));
  };
  await app.register(async (scope: App) => {
    limitRate(scope, signInsPerMinute);
    scope.post('/sign-in/email', { schema: { hide: true } }, (request, reply) =>
      forward(request, reply, signIn, (userId) => recordSignIn(request, userId)),
    );
  });
  app.post('/sign-out', { schema: { hide: true } }, async (request, reply) => {
    await endSession(request, signIn);
    return handler(request, reply);
  });
  app.get('/get-session', { schema: { hide: true } }, async (request, reply) => {
    await findSession(request, signIn);
    return handler(request, reply);
  });
}

/** The session of a request. Unlike the handler of the same name, which hides the cause, it throws what went wrong. */
function findSession(request: FastifyRequest, signIn: SignInService) {
  return signIn.api.getSession({
    headers: new Headers({ cookie: request.headers.cookie ?? '' }),
    query: { disableRefresh: true },
  });
}

/** The sign-out of better-auth says that all is well even where it could delete nothing. */
async function endSession(request: FastifyRequest, signIn: SignInService): Promise<void> {
  const found = await findSession(request, signIn);
  if (!found) return;
  const { internalAdapter } = await signIn.$context;
  await internalAdapter.deleteSession(found.session.token);
}

async function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  signIn: SignInService,
  onUser?: (userId: string) => Promise<void>,
): Promise<FastifyReply> {
  const response = await signIn.handler(toWebRequest(request));
  const text = await response.text();
  if (response.ok) await onUser?.((JSON.parse(text) as { user: { id: string } }).user.id);
  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie);
  reply.header('cache-control', 'no-store');
  if (response.ok) return reply.code(response.status).send(withoutTokens(text));
  if (response.status >= 500) throw new Error(`better-auth answered ${response.status}`);
  const seconds = response.headers.get('x-retry-after');
  const retryAfter = seconds === null ? undefined : Number(seconds);
  return sendProblem(
    reply,
    new AppError(codes[response.status] ?? 'input.invalid', messageOf(text), { detail: { retryAfter } }),
  );
}

/** What a page may know of a session. Its token stays in the cookie, which scripts cannot read. */
function withoutTokens(text: string) {
  const { user, session, success } = (JSON.parse(text || 'null') ?? {}) as Partial<Record<string, unknown>>;
  const { expiresAt } = (session ?? {}) as { expiresAt?: unknown };
  return { success, user, session: session ? { expiresAt } : undefined };
}

function toWebRequest(request: FastifyRequest): Request {
  const headers = new Headers({ 'content-type': 'application/json', [clientAddressHeader]: request.ip });
  for (const name of ['cookie', 'origin', 'user-agent'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  const url = new URL(
    `${authPath}${request.routeOptions.url?.slice(authPath.length)}`,
    `${request.protocol}://${request.host}`,
  );
  const body = request.method === 'POST' ? JSON.stringify(request.body ?? {}) : undefined;
  return new Request(url, { method: request.method, headers, body });
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' && message !== '' ? message : 'Sign-in was refused.';
  } catch {
    return 'Sign-in was refused.';
  }
}
