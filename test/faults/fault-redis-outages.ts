import { setTimeout as pause } from 'node:timers/promises';
import type { RedisServer } from '../harness/redis-server.ts';
import type { Fault, FaultScene } from './fault.ts';
import { type Accepted, requestDownloads } from './load.ts';
import { reconcile } from './reconcile.ts';
import { until } from './until.ts';

const label = 'redis-outages';
/** Once the queue is back, downloads become ready again within this, and none waits longer for the next. */
const resumesWithinMs = 10_000;

interface Outage {
  what: string;
  /** Resolves when Redis is back. */
  take(redis: RedisServer): Promise<void>;
}

/** Redis is gone for a while and has forgotten all when it is back. */
const stopped = (seconds: number): Outage => ({
  what: `stopped${seconds}s`,
  async take(redis) {
    await redis.kill();
    await pause(seconds * 1_000);
    await redis.start();
  },
});

const hangs = (seconds: number): Outage => ({
  what: `hangs${seconds}s`,
  async take(redis) {
    redis.pause();
    await pause(seconds * 1_000);
    redis.resume();
  },
});

const forgets: Outage = { what: 'flushall', take: (redis) => redis.flush() };

/** In the middle of some work, the queue goes away, hangs or forgets all. */
export const redisOutages: Fault = {
  name: label,
  done: 'Redis stopped, hanging and emptied in the middle of work',
  queues: ['redis'],
  async run(scene) {
    const { stage, random, long } = scene;
    const workers = await Promise.all([stage.startWorker(), stage.startWorker()]);
    const outages = long
      ? [stopped(1), stopped(7), stopped(30), stopped(120), hangs(30), forgets]
      : [stopped(1), forgets];
    const each = long ? 167 : 16;
    const all: Accepted = { ids: new Map(), repeats: 0 };
    const counts: Record<string, number> = {};
    const broken: string[] = [];
    for (const { what, take } of outages) {
      const load = requestDownloads(stage, random, { label: `${label}-${what}`, count: each });
      await until(async () => (await readyTimes(scene, what)).length >= each / 8, { withinMs: 60_000, everyMs: 5 });
      await take(stage.redis!);
      const backAt = Date.now();
      const accepted = await load;
      const times = await until(
        async () => {
          const ready = await readyTimes(scene, what);
          return ready.length === each ? ready : null;
        },
        { withinMs: 180_000 },
      );
      if (times === null) broken.push(`${what}: not all were finished within 180 s of its return`);
      const longestPauseMs = longestPause(backAt, times ?? (await readyTimes(scene, what)));
      counts[`${what}PauseMs`] = longestPauseMs;
      if (longestPauseMs > resumesWithinMs) broken.push(`${what}: nothing went on for ${longestPauseMs} ms`);
      for (const [key, id] of accepted.ids) all.ids.set(key, id);
    }
    const { counts: found, broken: gaps } = await reconcile(stage, all, { label, withinMs: 120_000 });
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { counts: { ...found, ...counts }, broken: [...broken, ...gaps] };
  },
};

/** When each became ready, in order. */
async function readyTimes({ stage }: FaultScene, what: string): Promise<number[]> {
  const rows = await stage.db.orm.execute<{ at: number }>(
    `select extract(epoch from ready_at)::float8 * 1000 as at from downloads
      where name like '${label}-${what}-%' and ready_at is not null order by 1`,
  );
  return rows.map(({ at }) => at);
}

/** From `backAt` on, milliseconds. */
function longestPause(backAt: number, times: readonly number[]): number {
  const after = [backAt, ...times.filter((at) => at > backAt)];
  return Math.round(Math.max(0, ...after.slice(1).map((at, index) => at - after[index]!)));
}
