import type { DownloadJson, DownloadPageJson } from '@sheaf/contract/download';
import type { InboxPageJson } from '@sheaf/contract/inbox';
import type { KeptMailPageJson } from '@sheaf/contract/kept-mail';
import type { MeJson } from '@sheaf/contract/me';
import type { SignInMethodsJson } from '@sheaf/contract/sign-in-methods';

/** What the api refused, in its own words. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(status: number, problem: { code?: string; title?: string; detail?: string; requestId?: string }) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code ?? 'internal';
    this.requestId = problem.requestId;
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  const answer = isJson && text ? JSON.parse(text) : undefined;
  if (!response.ok) throw new ApiError(response.status, answer ?? {});
  return answer as T;
}

const page = (cursor: string | null) => (cursor ? `?cursor=${encodeURIComponent(cursor)}` : '');

/** The only place that talks to the server. Every call rejects with `ApiError`, or with what `fetch` rejects with. */
export const api = {
  signIn: (email: string, password: string) => call<unknown>('POST', '/api/auth/sign-in/email', { email, password }),
  signInMethods: () => call<SignInMethodsJson>('GET', '/api/v1/sign-in-methods'),
  signOut: () => call<unknown>('POST', '/api/auth/sign-out', {}),
  me: () => call<MeJson>('GET', '/api/v1/me'),
  downloads: (cursor: string | null) => call<DownloadPageJson>('GET', `/api/v1/downloads${page(cursor)}`),
  cancelDownload: (id: string) => call<DownloadJson>('POST', `/api/v1/downloads/${id}/cancel`),
  retryDownload: (id: string) => call<DownloadJson>('POST', `/api/v1/downloads/${id}/retry`),
  inbox: (cursor: string | null) => call<InboxPageJson>('GET', `/api/v1/me/inbox${page(cursor)}`),
  mails: (cursor: string | null) => call<KeptMailPageJson>('GET', `/api/v1/me/mails${page(cursor)}`),
};
