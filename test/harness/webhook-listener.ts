import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedWebhook {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface TestWebhookListener {
  url: string;
  /** In the order of their arrival. */
  received: ReceivedWebhook[];
  /** What the next calls are answered by; the last one stays. */
  answer(...answers: ((response: ServerResponse) => void)[]): void;
  close(): Promise<void>;
}

/** A real HTTP server on the loopback interface that answers 204 until it is told otherwise. */
export async function startWebhookListener(): Promise<TestWebhookListener> {
  const received: ReceivedWebhook[] = [];
  let answers: ((response: ServerResponse) => void)[] = [(response) => response.writeHead(204).end()];
  const server = createServer(async (request, response) => {
    // Null where the call broke off half-way: it was not received.
    const body = await text(request).catch(() => null);
    if (body === null) return;
    received.push({ path: request.url ?? '', headers: request.headers, body });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer(...next) {
      answers = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
