import { AppError, type ErrorCode } from '@sheaf/domain/app-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authPath, clientAddressHeader, type SignInService } from '../sign-in-service.ts';

const codes: Record<number, ErrorCode> = { 401: 'auth.required', 403: 'auth.forbidden', 429: 'rate.limited' };

/** What better-auth answered where it did what it was asked. */
export interface Forwarded {
  status: number;
  cookies: string[];
  json: Partial<Record<string, unknown>>;
}

/** A refusal of better-auth's, under its code. */
export class Refusal extends AppError {
  readonly reason: unknown;

  constructor(response: Response, { code, message }: { code?: unknown; message?: unknown }) {
    const seconds = response.headers.get('x-retry-after');
    const text = typeof message === 'string' && message !== '' ? message : 'Sign-in was refused.';
    const detail = { retryAfter: seconds === null ? undefined : Number(seconds) };
    super(codes[response.status] ?? 'input.invalid', text, { detail });
    this.reason = code;
  }
}

/** Hands a request to better-auth, with another body where one is given. Throws `Refusal`. */
export async function forward(request: FastifyRequest, signIn: SignInService, body?: object): Promise<Forwarded> {
  const response = await signIn.handler(toWebRequest(request, body));
  if (response.status >= 500) throw new Error(`better-auth answered ${response.status}`);
  const json = parse(await response.text());
  if (!response.ok) throw new Refusal(response, json);
  return { status: response.status, cookies: response.headers.getSetCookie(), json };
}

/** The session of a request. Unlike the handler of the same name, which hides the cause, it throws what went wrong. */
export function findSession(request: FastifyRequest, signIn: SignInService) {
  return signIn.api.getSession({
    headers: new Headers({ cookie: request.headers.cookie ?? '' }),
    query: { disableRefresh: true },
  });
}

/** Sends what a page may know of a session. Its token stays in the cookie, which scripts cannot read. */
export function sendForwarded(reply: FastifyReply, { status, cookies, json }: Forwarded): FastifyReply {
  for (const cookie of cookies) reply.header('set-cookie', cookie);
  const { user, session, success } = json;
  const { expiresAt } = (session ?? {}) as { expiresAt?: unknown };
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send({ success, user, session: session ? { expiresAt } : undefined });
}

function toWebRequest(request: FastifyRequest, body = request.body ?? {}): Request {
  const headers = new Headers({ 'content-type': 'application/json', [clientAddressHeader]: request.ip });
  for (const name of ['cookie', 'origin', 'user-agent'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  const url = new URL(
    `${authPath}${request.routeOptions.url?.slice(authPath.length)}`,
    `${request.protocol}://${request.host}`,
  );
  const { method } = request;
  return new Request(url, { method, headers, ...(method === 'POST' && { body: JSON.stringify(body) }) });
}

function parse(text: string): Partial<Record<string, unknown>> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
