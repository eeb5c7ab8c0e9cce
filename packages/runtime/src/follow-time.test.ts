import { expect, onTestFinished, test, vi } from 'vitest';
import { followTime } from './follow-time.ts';

const start = new Date('2026-01-02T03:04:05Z');

/** A clock that follows `told`, on a machine whose own clock says something else. */
async function setup() {
  vi.useFakeTimers({ now: new Date('2001-01-01T00:00:00Z'), toFake: ['Date', 'setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const told = { time: start, tookMs: 0, away: false };
  let elapsed = 5_000;
  const followed = await followTime(
    async () => {
      if (told.away) throw new Error('nobody answers');
      elapsed += told.tookMs;
      return told.time;
    },
    () => elapsed,
  );
  onTestFinished(() => followed.stop());
  return {
    told,
    now: followed.now,
    stop: followed.stop,
    async pass(seconds: number) {
      elapsed += seconds * 1_000;
      await vi.advanceTimersByTimeAsync(seconds * 1_000);
    },
  };
}

test('says what it was told and what has passed since, whatever the machine says', async () => {
  const { now, pass } = await setup();
  await pass(2);
  vi.setSystemTime(new Date('2040-01-01T00:00:00Z'));
  expect(now()).toEqual(new Date('2026-01-02T03:04:07Z'));
});

test('is told again now and then', async () => {
  const { now, pass, told } = await setup();
  told.time = new Date('2026-01-02T04:00:00Z');
  await pass(10);
  expect(now()).toEqual(told.time);
});

test('goes on by itself where nobody answers, where the answer is slow, and once it asks no more', async () => {
  const { now, pass, told, stop } = await setup();
  told.time = new Date('2026-01-02T04:00:00Z');
  told.away = true;
  await pass(10);
  expect(now()).toEqual(new Date('2026-01-02T03:04:15Z'));
  Object.assign(told, { away: false, tookMs: 1_000 });
  await pass(10);
  expect(now()).toEqual(new Date('2026-01-02T03:04:26Z'));
  told.tookMs = 0;
  stop();
  await pass(60);
  expect(now()).toEqual(new Date('2026-01-02T03:05:26Z'));
});

test('is none where nobody tells the time to begin with', async () => {
  await expect(followTime(() => Promise.reject(new Error('nobody answers')))).rejects.toThrow('nobody answers');
});
