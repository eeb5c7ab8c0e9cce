import { expect, test } from 'vitest';
import { EventStream } from './event-stream.ts';

/** A stream, and what its reader has taken when asked. */
function setup() {
  const stream = new EventStream({ retryMs: 1_000 });
  const taken = () => (stream.read() ?? '').toString() as string;
  return { stream, taken };
}

const event = (n: number, id = `${n}`) => ({ name: 'download', id, version: n, data: () => n });

test('a reader that is not ready gets the latest of each subject only, and what waits does not grow', () => {
  const { stream, taken } = setup();
  stream.release();
  taken();
  for (let n = 1; n <= 10_000; n += 1) stream.offer(n % 2 === 0 ? 'even' : 'odd', event(n));
  expect(stream.waiting).toBeLessThanOrEqual(2);
  let text = '';
  for (let i = 0; i < 5; i += 1) text += taken();
  expect(text).toContain('data: 9999\n');
  expect(text).toContain('data: 10000\n');
  expect(text.match(/data:/g)!.length).toBeLessThanOrEqual(4);
});

test('the id comes with the last of the events that wait: a reader that goes away in between comes back for the others', async () => {
  const { stream } = setup();
  stream.offer('a', event(1, '7'));
  stream.offer('b', event(2, '7'));
  stream.release();
  stream.finish();
  expect((await stream.toArray()).join('')).toBe(
    'retry: 1000\n\nevent: download\ndata: 1\n\nid: 7\nevent: download\ndata: 2\n\n',
  );
});

test('an older state never replaces a newer one, whichever was read first', () => {
  const { stream, taken } = setup();
  stream.offer('a', event(2));
  stream.offer('a', event(1));
  stream.release();
  expect(taken() + taken()).toContain('data: 2\n');
  expect(stream.waiting).toBe(0);
});

test('a stream that is finished sends what waits, its reason, and nothing after it', async () => {
  const { stream } = setup();
  stream.offer('a', event(1));
  stream.finish('final');
  stream.offer('a', event(2));
  const text = (await stream.toArray()).join('');
  expect(text).toBe('retry: 1000\n\nid: 1\nevent: download\ndata: 1\n\nevent: end\ndata: {"reason":"final"}\n\n');
});

test('a stream that is cut sends nothing of what waits', async () => {
  const { stream } = setup();
  stream.offer('a', event(1));
  stream.cut('signed-out');
  expect((await stream.toArray()).join('')).toBe('retry: 1000\n\nevent: end\ndata: {"reason":"signed-out"}\n\n');
});
