import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { onTestFinished, vi } from 'vitest';

export interface ReceivedEvent<T = unknown> {
  /** The last id that was sent so far, with this event or before it. */
  id: string;
  name: string;
  data: T;
}

export interface EventReader {
  status: number;
  headers: IncomingMessage['headers'];
  /** In order; grows while the reader reads. */
  events: ReceivedEvent[];
  /** Whether the server has ended the stream. */
  ended(): boolean;
  /** The body of an answer that is no stream. */
  text(): string;
  /** Waits for an event that satisfies `wanted`, among those to come and those that have. */
  until<T>(wanted: (event: ReceivedEvent<T>) => boolean): Promise<ReceivedEvent<T>>;
  untilEnded(): Promise<void>;
  pause(): void;
  resume(): void;
  close(): void;
}

const patience = { timeout: 10_000, interval: 5 };

/** Reads server-sent events as a browser does, without coming back by itself. Closed when the test has finished. */
export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const { promise, resolve, reject } = Promise.withResolvers<{ sent: ClientRequest; answer: IncomingMessage }>();
  const sent = request(url, { headers, agent: false }, (answer) => resolve({ sent, answer }));
  sent.on('error', reject);
  sent.end();
  const { answer } = await promise;
  const events: ReceivedEvent[] = [];
  let text = '';
  let unparsed = '';
  let ended = false;
  let id = '';
  answer.setEncoding('utf8');
  answer.on('data', (chunk: string) => {
    text += chunk;
    unparsed += chunk;
    const blocks = unparsed.split('\n\n');
    unparsed = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      id = field('id') ?? id;
      const data = field('data');
      if (data !== undefined) events.push({ id, name: field('event') ?? 'message', data: JSON.parse(data) });
    }
  });
  answer.on('close', () => {
    ended = true;
  });
  // What is cut by either side has ended.
  answer.on('error', () => {});
  const close = () => void sent.destroy();
  onTestFinished(close);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    events,
    ended: () => ended,
    text: () => text,
    until: <T>(wanted: (event: ReceivedEvent<T>) => boolean) =>
      vi.waitFor(() => {
        const found = (events as ReceivedEvent<T>[]).find(wanted);
        if (found === undefined) throw new Error(`Not among ${JSON.stringify(events.slice(-3))}`);
        return found;
      }, patience),
    untilEnded: () =>
      vi.waitFor(() => {
        if (!ended) throw new Error('The stream has not ended.');
      }, patience),
    pause: () => void answer.pause(),
    resume: () => void answer.resume(),
    close,
  };
}
