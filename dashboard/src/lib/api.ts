import type { OutcomeJson } from '@sheaf/contract/outcome';
import type { ProblemJson } from '@sheaf/contract/problem';

/** What the api refused, in its own words. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ProblemJson['code'];
  readonly requestId: string | undefined;
  /** What is wrong with which field. */
  readonly errors: { path: string; message: string }[];
  /** What became of each asset of a refused request. */
  readonly outcomes: OutcomeJson[];
  /** Seconds to wait. */
  readonly retryAfter: number | undefined;
  /** All of the answer, for what only one screen wants to know. */
  readonly problem: Partial<ProblemJson>;

  constructor(status: number, problem: Partial<ProblemJson>) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code ?? 'internal';
    this.requestId = problem.requestId;
    this.errors = problem.errors ?? [];
    this.outcomes = problem.outcomes ?? [];
    this.retryAfter = problem.retryAfter;
    this.problem = problem;
  }
}

/** No answer came: the network, or the server, is away. */
export class ConnectionError extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached.', { cause });
    this.name = 'ConnectionError';
  }
}

type QueryValue = string | number | boolean | null | undefined;

export interface CallOptions {
  /** Left out of the address where null, undefined or empty. */
  query?: Record<string, QueryValue>;
  /** An object goes as JSON, a form as it is. */
  body?: object;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Told as a form is on its way: bytes, of it all. */
  onprogress?: (sent: number, total: number) => void;
  /** Its 401 is an answer to what was typed, not the end of a session. */
  anonymous?: boolean;
}

/** What the rest of the dashboard wants to know about every call; set once, by the shell. */
export const callHooks = {
  /** A session has ended. Resolves to whether there is a new one, with which the call is then made again. */
  sessionExpired: async (): Promise<boolean> => false,
  /** The server has answered to a call that was made at a moment of `performance.now()`. */
  reached: (_askedAt: number): void => {},
  /** No answer came. */
  unreachable: (): void => {},
};

interface Carried {
  method: string;
  headers: Record<string, string>;
  body?: string | FormData;
  signal?: AbortSignal;
}

/** `fetch` does not say how much of a body has been sent; its elder does. */
function carryWatched(
  address: string,
  { method, headers, body, signal }: Carried,
  onprogress: (sent: number, total: number) => void,
): Promise<Response> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onprogress(loaded, total);
    request.onload = () => {
      const type = request.getResponseHeader('content-type') ?? '';
      resolve(
        new Response(request.responseText || null, { status: request.status, headers: { 'content-type': type } }),
      );
    };
    request.onerror = () => reject(new TypeError('The connection broke while the form was sent.'));
    request.onabort = () => reject(signal?.reason);
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body ?? null);
  });
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const { query, body, headers, signal, onprogress, anonymous } = options;
  const isForm = body instanceof FormData;
  const address = withQuery(path, query);
  const carried: Carried = {
    method,
    headers: { ...(body && !isForm && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: isForm ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  };
  const askedAt = performance.now();
  let response: Response;
  try {
    response = onprogress
      ? await carryWatched(address, carried, onprogress)
      : await fetch(address, { ...carried, credentials: 'same-origin' });
  } catch (error) {
    if (signal?.aborted) throw error;
    callHooks.unreachable();
    throw new ConnectionError(error);
  }
  callHooks.reached(askedAt);
  if (response.ok) return response;
  if (response.status === 401 && !anonymous && (await callHooks.sessionExpired())) return send(method, path, options);
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  throw new ApiError(response.status, isJson ? await response.json().catch(() => ({})) : {});
}

async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The address with what of the query has a value. */
export function withQuery(path: string, query: Record<string, QueryValue> = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/**
 * The only place that talks to the server; the functions of `lib/api/` say what about. Every call rejects with
 * `ApiError`, with `ConnectionError`, or, where its signal was aborted, with that.
 */
export const api = {
  get: <T>(path: string, options?: CallOptions) => call<T>('GET', path, options),
  post: <T>(path: string, options?: CallOptions) => call<T>('POST', path, options),
  put: <T>(path: string, options?: CallOptions) => call<T>('PUT', path, options),
  patch: <T>(path: string, options?: CallOptions) => call<T>('PATCH', path, options),
  delete: <T = void>(path: string, options?: CallOptions) => call<T>('DELETE', path, options),
  /** The answer itself, for what is not JSON: a file, a stream of events. */
  open: (path: string, options?: CallOptions) => send('GET', path, options ?? {}),
  openPosted: (path: string, options?: CallOptions) => send('POST', path, options ?? {}),
};

/** A key for a POST that must happen once, however often it is sent. */
export const idempotent = (key: string): Record<string, string> => ({ 'idempotency-key': key });
