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

/**
 * Hands a request to better-auth, with another body where one is given, and no query but the given one. First comes
 * `findSession` where the request's session counts. Throws `Refusal`.
 */
export async function forward(
  request: FastifyRequest,
  signIn: SignInService,
  changes: { body?: object; query?: Record<string, string> } = {},
): Promise<Forwarded> {
  const response = await signIn.handler(toWebRequest(request, changes));
  if (response.status >= 500) throw new Error(`better-auth answered ${response.status}`);
  const json = parse(await response.text());
  if (!response.ok) throw new Refusal(response, json);
  return { status: response.status, cookies: response.headers.getSetCookie(), json };
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

function toWebRequest(
  request: FastifyRequest,
  { body = request.body ?? {}, query = {} }: { body?: object; query?: Record<string, string> },
): Request {
  const headers = new Headers({ 'content-type': 'application/json', [clientAddressHeader]: request.ip });
  for (const name of ['cookie', 'origin', 'user-agent'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  const url = new URL(
    `${authPath}${request.routeOptions.url?.slice(authPath.length)}`,
    `${request.protocol}://${request.host}`,
  );
  url.search = String(new URLSearchParams(query));
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
