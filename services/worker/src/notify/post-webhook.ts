import http from 'node:http';
import https from 'node:https';
import type { BlockList } from 'node:net';
import { AppError } from '@sheaf/domain/app-error';
import { useAgent } from 'request-filtering-agent';
import { listedAddresses } from './allowed-addresses.ts';

export interface WebhookPost {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Private addresses that may be called all the same. */
  allowed: BlockList;
  /** Milliseconds until the answer's status must be there. */
  timeout: number;
}

/** More of an answer than this is not read: only its status counts. */
const maxAnswerBytes = 64 * 1024;

/**
 * POSTs to an address that somebody outside chose, and resolves with the answer's status. Redirects are not followed.
 * What the name resolves to is checked before anything is sent to it. Rejects with
 * `webhook.address_refused` for a private address, and with the connection's error.
 */
export async function postWebhook(
  { url, headers, body, allowed, timeout }: WebhookPost,
  signal: AbortSignal,
): Promise<number> {
  const deadline = AbortSignal.timeout(timeout);
  // The agent checks what it connects to against this list; given ranges, it would warn of every other family's.
  const allowIPAddressList = await listedAddresses(url, allowed);
  const { request } = url.startsWith('https:') ? https : http;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const posted = request(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: useAgent(url, { keepAlive: false, allowIPAddressList }),
    signal: AbortSignal.any([signal, deadline]),
  });
  posted.on('error', (error) => {
    if (deadline.aborted) reject(new Error(`No answer within ${timeout / 1_000} s.`));
    else reject(isAddressRefused(error) ? addressRefused(error) : error);
  });
  posted.on('response', (answer) => {
    let received = 0;
    answer.on('error', () => {});
    answer.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > maxAnswerBytes) answer.destroy();
    });
    resolve(answer.statusCode ?? 0);
  });
  posted.end(body);
  return promise;
}

/** The agent has no error code of its own. */
function isAddressRefused(error: Error): boolean {
  return error.message.startsWith('DNS lookup ') && error.message.includes('is not allowed');
}

function addressRefused(cause: Error): AppError {
  return new AppError('webhook.address_refused', 'The webhook leads to an address that may not be called.', { cause });
}
