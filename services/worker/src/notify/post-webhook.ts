import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import type { BlockList, LookupFunction } from 'node:net';
import { AppError } from '@sheaf/domain/app-error';
import { useAgent } from 'request-filtering-agent';
import { listedAddresses } from './allowed-addresses.ts';

/** All addresses of a host, which may be an address itself. */
export type Resolver = (host: string) => Promise<LookupAddress[]>;

export interface WebhookPost {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Private addresses that may be called all the same. */
  allowed: BlockList;
  /** Milliseconds until the answer's status must be there. */
  timeout: number;
  /** Instead of the system's. */
  resolve?: Resolver;
}

export interface WebhookAnswer {
  status: number;
  /** The header, as it came. */
  retryAfter: string | undefined;
}

/** More of an answer than this is not read: only its status counts. */
const maxAnswerBytes = 64 * 1024;

const systemResolver: Resolver = (host) => lookup(host, { all: true });

/**
 * POSTs to an address that somebody outside chose. Redirects are not followed. The host is resolved once, and connected
 * to at the very addresses that were checked: a name server that answers otherwise the next time is not asked again.
 * Rejects with `webhook.address_refused` where any of them is private and not allowed, and with the connection's error.
 */
export async function postWebhook(post: WebhookPost, signal: AbortSignal): Promise<WebhookAnswer> {
  const deadline = AbortSignal.timeout(post.timeout);
  const either = AbortSignal.any([signal, deadline]);
  try {
    const addresses = await resolveHost(post, either);
    return await send(post, addresses, either);
  } catch (error) {
    if (deadline.aborted) throw new Error(`No answer within ${post.timeout / 1_000} s.`);
    if (isAddressRefused(error)) throw addressRefused(error);
    throw error;
  }
}

async function resolveHost({ url, resolve = systemResolver }: WebhookPost, signal: AbortSignal) {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  // A resolution cannot be cancelled, only left behind.
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([resolve(host), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function send(
  { url, headers, body, allowed }: WebhookPost,
  addresses: readonly LookupAddress[],
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  const { request } = url.startsWith('https:') ? https : http;
  const { promise, resolve, reject } = Promise.withResolvers<WebhookAnswer>();
  const posted = request(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    lookup: answering(addresses),
    // The agent checks what it connects to against this list; given ranges, it would warn of every other family's.
    agent: useAgent(url, { keepAlive: false, allowIPAddressList: listedAddresses(addresses, allowed) }),
    signal,
  });
  posted.on('error', reject);
  posted.on('response', (answer) => {
    let received = 0;
    answer.on('error', () => {});
    answer.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > maxAnswerBytes) answer.destroy();
    });
    resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] });
  });
  posted.end(body);
  return promise;
}

/** A look-up that has its answer already. */
function answering(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (first === undefined) callback(new Error('The name has no address.'), '', 0);
    else if (options.all) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

/** The agent has no error code of its own. */
function isAddressRefused(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('DNS lookup ') && error.message.includes('is not allowed');
}

function addressRefused(cause: Error): AppError {
  return new AppError('webhook.address_refused', 'The webhook leads to an address that may not be called.', { cause });
}
