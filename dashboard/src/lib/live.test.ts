import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { StreamEvent } from './event-stream.ts';
import { followEvents, type LiveOptions } from './live.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A tab and a server that answers each request with the next of `answers`, the last one for ever. */
async function setup(answers: Answer[], options: Partial<LiveOptions> = {}) {
  const tab = Object.assign(new EventTarget(), { hidden: false });
  const window = new EventTarget();
  vi.stubGlobal('document', tab);
  vi.stubGlobal('window', window);
  onTestFinished(() => void vi.unstubAllGlobals());
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answers[Math.min(requests.length, answers.length) - 1]!(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const events: StreamEvent[] = [];
  const states: string[] = [];
  const stop = followEvents({
    path: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    onevent: (event) => events.push(event),
    onstate: (state) => states.push(state),
    ...options,
  });
  onTestFinished(stop);
  return {
    requests,
    events,
    states,
    stop,
    show(visible: boolean): void {
      tab.hidden = !visible;
      tab.dispatchEvent(new Event('visibilitychange'));
    },
    comeOnline: () => void window.dispatchEvent(new Event('online')),
  };
}

const send =
  (text: string, { end = false } = {}): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text);
    if (end) response.end();
  };
const refuse =
  (status: number): Answer =>
  (_, response) =>
    void response.writeHead(status).end();
const soon = { timeout: 10_000, interval: 10 };

test('after a broken stream it goes on after the last event, and nothing is told twice', async () => {
  const { requests, events, states } = await setup([
    send('id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: not comp', { end: true }),
    send('id: 3\ndata: c\n\n'),
  ]);
  await vi.waitFor(() => expect(events.map(({ data }) => data)).toEqual(['a', 'b', 'c']), soon);
  expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
  expect(states).toEqual(['open', 'waiting', 'open']);
});

test('a hidden tab follows nothing, and resumes when it is shown', async () => {
  const { requests, events, show } = await setup([send('id: 1\ndata: a\n\n'), send('id: 2\ndata: b\n\n')]);
  await vi.waitFor(() => expect(events).toHaveLength(1), soon);
  const closed = once(requests[0]!.socket, 'close');
  show(false);
  await closed;
  expect(requests).toHaveLength(1);
  show(true);
  await vi.waitFor(() => expect(events).toHaveLength(2), soon);
  expect(requests[1]!.headers['last-event-id']).toBe('1');
});

test('a server that fails is asked again', async () => {
  const { events } = await setup([refuse(503), refuse(429), send('data: a\n\n')]);
  await vi.waitFor(() => expect(events).toHaveLength(1), soon);
});

test('a machine that is on a network again does not wait any longer', async () => {
  const { requests, events, comeOnline } = await setup([...Array<Answer>(8).fill(refuse(503)), send('data: a\n\n')]);
  for (let asked = 1; asked <= 8; asked += 1) {
    await vi.waitFor(() => expect(requests).toHaveLength(asked), soon);
    comeOnline();
  }

  await vi.waitFor(() => expect(events.map(({ data }) => data)).toEqual(['a']), soon);
});

test.each([204, 403, 404])('after %d it is over', async (status) => {
  const { requests, states } = await setup([refuse(status)]);
  await vi.waitFor(() => expect(states).toEqual(['closed']), soon);
  expect(requests).toHaveLength(1);
});

test('stopping ends the stream', async () => {
  const { requests, events, stop } = await setup([send('data: a\n\n')]);
  await vi.waitFor(() => expect(events).toHaveLength(1), soon);
  const closed = once(requests[0]!.socket, 'close');
  stop();
  await closed;
});
