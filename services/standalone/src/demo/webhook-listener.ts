import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/** An HTTP server on the loopback interface that takes webhooks signed with a secret that it is told, and no others. */
export interface WebhookListener {
  url: string;
  /** Payloads whose signature was right, once for each `webhook-id`. */
  accepted: Map<string, unknown>;
  /** Why others were refused. */
  refused: string[];
  expect(secret: string): void;
  close(): Promise<void>;
}

export async function startWebhookListener(onDelivery: () => void): Promise<WebhookListener> {
  let verifier: Webhook | undefined;
  const accepted = new Map<string, unknown>();
  const refused: string[] = [];
  const server = createServer((request, response) => {
    take(request)
      .then(
        () => response.writeHead(204).end(),
        (error: Error) => {
          refused.push(error.message);
          response.writeHead(401).end();
        },
      )
      .finally(onDelivery);
  });

  async function take(request: IncomingMessage): Promise<void> {
    const body = await buffer(request);
    if (!verifier) throw new Error('No webhook is expected yet.');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const payload = verifier.verify(body, headers);
    accepted.set(String(request.headers['webhook-id']), payload);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/sheaf`,
    accepted,
    refused,
    expect(secret) {
      verifier = new Webhook(secret);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
