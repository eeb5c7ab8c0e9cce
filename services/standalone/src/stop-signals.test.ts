import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type SignalSource, watchStopSignals } from './stop-signals.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setup(env: NodeJS.ProcessEnv = {}) {
  const source = Object.assign(new EventEmitter(), { ppid: 100, env });
  const clock = { ms: 0 };
  const watched = watchStopSignals(source as unknown as SignalSource, () => clock.ms);
  const insisted: number[] = [];
  watched.onInsisted(() => insisted.push(clock.ms));
  const signal = (name: string, atMs: number) => {
    clock.ms = atMs;
    source.emit(name);
  };
  return { watched, insisted, signal, source };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s asks to stop', async (name) => {
  const { watched, signal } = setup();
  expect(watched.wasAsked).toBe(false);
  signal(name, 0);
  await expect(watched.asked).resolves.toBeUndefined();
  expect(watched.wasAsked).toBe(true);
});

test('the same Ctrl-C arriving twice, from the terminal and from npm, is one', () => {
  const { insisted, signal } = setup();
  signal('SIGINT', 0);
  signal('SIGINT', 40);
  expect(insisted).toEqual([]);
});

test('a second Ctrl-C insists', () => {
  const { insisted, signal } = setup();
  signal('SIGINT', 0);
  signal('SIGINT', 2_000);
  expect(insisted).toEqual([2_000]);
});

test('under npm, the end of the parent asks to stop', () => {
  const { watched, source } = setup({ npm_lifecycle_event: 'start' });
  vi.advanceTimersByTime(1_000);
  expect(watched.wasAsked).toBe(false);
  source.ppid = 1;
  vi.advanceTimersByTime(1_000);
  expect(watched.wasAsked).toBe(true);
});

test('started from elsewhere, a parent may end without stopping anything', () => {
  const { watched, source } = setup();
  source.ppid = 1;
  vi.advanceTimersByTime(1_000);
  expect(watched.wasAsked).toBe(false);
});
