import type { ProblemJson } from '@sheaf/contract/problem';
import { AppError } from '@sheaf/domain/app-error';

/** The HTTP API as one signed-in user. Calls reject with an AppError that says what the API answered. */
export interface ApiClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<{ status: number; body: T }>;
  /** Every item of a keyset-paged list. */
  list<T>(path: string): Promise<T[]>;
}

/** Signs in by email and password; `baseUrl` is the service's own address, without a slash at the end. */
export async function signIn(baseUrl: string, email: string, password: string): Promise<ApiClient> {
  const answer = await fetch(`${baseUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(baseUrl).origin },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) {
    throw new AppError('auth.required', `${email} could not sign in: ${answer.status} ${await answer.text()}`);
  }
  const cookie = answer.headers
    .getSetCookie()
    .map((header) => header.split(';')[0])
    .join('; ');
  return createApiClient(baseUrl, { cookie, origin: new URL(baseUrl).origin });
}

function createApiClient(baseUrl: string, headers: Record<string, string>): ApiClient {
  async function call<T>(path: string, init: RequestInit): Promise<{ status: number; body: T }> {
    const answer = await fetch(`${baseUrl}/api/v1${path}`, init);
    const body: unknown = await answer.json().catch(() => null);
    if (answer.ok) return { status: answer.status, body: body as T };
    const problem = body as Partial<ProblemJson> | null;
    const why = problem?.detail ?? problem?.title ?? `status ${answer.status}`;
    throw new AppError('internal', `${init.method} ${path}: ${why}`, {
      detail: { status: answer.status, code: problem?.code },
    });
  }
  const get = async <T>(path: string) => (await call<T>(path, { method: 'GET', headers })).body;
  return {
    get,
    post: (path, body) =>
      call(path, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    async list<T>(path: string) {
      const items: T[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? 'limit=200' : `limit=200&cursor=${encodeURIComponent(cursor)}`;
        const page: { items: T[]; nextCursor: string | null } = await get(
          `${path}${path.includes('?') ? '&' : '?'}${query}`,
        );
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    },
  };
}
