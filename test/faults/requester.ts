import type { DownloadJson } from '@sheaf/contract/download';
import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import { until } from './until.ts';

/** How a client that is not to lose anything calls: it tries again, under the same key, until it is answered. */
export interface Requester {
  id: string;
  baseUrl: string;
  /** Requests a download; `attempts` counts the calls that it took. Rejects with what the api said if that is final. */
  request(body: DownloadRequestJson, key: string): Promise<{ id: string; attempts: number }>;
  download(id: string): Promise<DownloadJson>;
  /** One call, which may fail. */
  call(path: string, init?: RequestInit): Promise<Response>;
}

const patienceMs = 180_000;

export function createRequester(baseUrl: string, { id, token }: { id: string; token: string }): Requester {
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${baseUrl}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
      signal: AbortSignal.timeout(30_000),
    });
  return {
    id,
    baseUrl,
    call,
    async request(body, key) {
      let attempts = 0;
      const answer = await until(
        async () => {
          attempts += 1;
          return answerOf(() =>
            call('/api/v1/downloads', {
              method: 'POST',
              headers: { 'content-type': 'application/json', 'idempotency-key': key },
              body: JSON.stringify(body),
            }),
          );
        },
        { withinMs: patienceMs, everyMs: 250 },
      );
      if (answer?.status !== 202) throw new Error(`${body.name} was not accepted: ${JSON.stringify(answer)}`);
      return { id: (answer.body as DownloadJson).id, attempts };
    },
    async download(downloadId) {
      const answer = await until(() => answerOf(() => call(`/api/v1/downloads/${downloadId}`)), {
        withinMs: patienceMs,
        everyMs: 250,
      });
      if (answer?.status !== 200) throw new Error(`${downloadId} cannot be read: ${JSON.stringify(answer)}`);
      return answer.body as DownloadJson;
    },
  };
}

/** Null where the call may be made again: it broke off, or the service says that it cannot just now. */
async function answerOf(call: () => Promise<Response>): Promise<{ status: number; body: unknown } | null> {
  try {
    const response = await call();
    const body = await response.json();
    return response.status >= 500 || response.status === 429 ? null : { status: response.status, body };
  } catch {
    return null;
  }
}
