import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startWebhookListener } from '../../../../test/harness/webhook-listener.ts';
import { parseAddresses } from './allowed-addresses.ts';
import { postWebhook, type WebhookPost } from './post-webhook.ts';

/** A receiver at 127.0.0.1, and a name server that gives the name these answers in turn; the last one stays. */
async function setup(...answers: string[][]) {
  const listener = await startWebhookListener();
  onTestFinished(listener.close);
  const asked: string[] = [];
  const resolve = async (host: string): Promise<LookupAddress[]> => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const post = (changes: Partial<WebhookPost> = {}) =>
    postWebhook(
      {
        url: listener.url.replace('127.0.0.1', 'hook.example'),
        headers: { 'content-type': 'application/json' },
        body: '{}',
        allowed: parseAddresses([]),
        timeout: 5_000,
        resolve,
        ...changes,
      },
      new AbortController().signal,
    );
  return { listener, asked, post };
}

test('what is called is what was checked: a name that leads elsewhere the next time is not asked again', async () => {
  const { listener, asked, post } = await setup(['127.0.0.1'], ['127.0.0.2']);

  const answer = await post({ allowed: parseAddresses(['127.0.0.1']) });

  expect(answer.status).toBe(204);
  expect(listener.received).toMatchObject([
    { headers: { host: new URL(listener.url).host.replace('127.0.0.1', 'hook.example') } },
  ]);
  expect(asked).toEqual(['hook.example']);
});

test('a name that led to an allowed address leads to no other private one the next time', async () => {
  const { listener, asked, post } = await setup(['127.0.0.2'], ['127.0.0.1']);
  const allowed = parseAddresses(['127.0.0.2']);

  // Nothing listens at the address that may be called.
  await expect(post({ allowed })).rejects.toMatchObject({ code: 'ECONNREFUSED', address: '127.0.0.2' });
  await expect(post({ allowed })).rejects.toMatchObject({ code: 'webhook.address_refused' });

  expect(asked).toHaveLength(2);
  expect(listener.received).toEqual([]);
});

test.each([
  ['a private one', ['127.0.0.1']],
  ['a public and a private one', ['8.8.8.8', '127.0.0.1']],
  ['an allowed and a private one', ['127.0.0.3', '127.0.0.1']],
  ['a private one in the clothes of IPv6', ['::ffff:127.0.0.1']],
  ['one behind a translation of addresses', ['64:ff9b::7f00:1']],
  ['the address of the machine’s own facts in a cloud', ['169.254.169.254']],
  ['no particular one', ['0.0.0.0']],
])('a name whose addresses are %s is not called at any of them', async (_which, addresses) => {
  const { listener, post } = await setup(addresses);

  await expect(post({ allowed: parseAddresses(['127.0.0.3']) })).rejects.toMatchObject({
    code: 'webhook.address_refused',
  });

  expect(listener.received).toEqual([]);
});

test('the same holds for https: the connection goes to what was checked, and to nothing that is refused', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `https://hook.example:${(server.address() as AddressInfo).port}/`;
  const { post } = await setup(['127.0.0.1'], ['127.0.0.1']);

  await expect(post({ url })).rejects.toMatchObject({ code: 'webhook.address_refused' });
  expect(connections).toBe(0);
  await expect(post({ url, allowed: parseAddresses(['127.0.0.1']) })).rejects.toThrow(/TLS|socket|ECONNRESET/);
  expect(connections).toBe(1);
});

test('a redirect to a private address is not followed', async () => {
  const inside = await startWebhookListener();
  onTestFinished(inside.close);
  const { listener, post } = await setup(['127.0.0.1']);
  listener.answer((response) => response.writeHead(307, { location: inside.url }).end());

  const answer = await post({ allowed: parseAddresses(['127.0.0.1']) });

  expect(answer.status).toBe(307);
  expect(inside.received).toEqual([]);
});

test('a name server that does not answer takes no longer than a receiver may', async () => {
  const { post } = await setup();

  const never = () => new Promise<never>(() => {});

  await expect(post({ resolve: never, timeout: 50 })).rejects.toThrow('No answer within 0.05 s.');
});

test('a name without an address is an error like any other', async () => {
  const { post } = await setup([]);

  await expect(post()).rejects.toThrow('The name has no address.');
});
