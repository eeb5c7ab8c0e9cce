import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { largeRequest, requestDownloads, smallRequest } from './load.ts';
import { reconcile } from './reconcile.ts';
import { countLostClaims } from './steps.ts';

const label = 'terminated';
const endsWithinMs = 20_000;

/** Processes are asked to end while they have more than enough to do, as at every update. */
export const terminated: Fault = {
  name: label,
  done: 'SIGTERM of one of two workers, and now and then of the api, under load',
  queues: ['redis', 'postgres'],
  async run({ stage, random, long }) {
    const start = () => stage.startWorker({ DELIVERY: 'packed' });
    const workers = await Promise.all([start(), start()]);
    const wanted = long ? 50 : 3;
    let ends = 0;
    const load = requestDownloads(stage, random, {
      label,
      count: 400 * wanted,
      body: (...given) => (random.integer(0, 3) === 0 ? largeRequest : smallRequest)(...given),
      mostOpen: 8,
      enough: () => ends >= wanted,
    });
    const broken: string[] = [];
    let slowestMs = 0;
    while (ends < wanted) {
      await pause(random.integer(100, 1_200));
      const isApi = ends % 3 === 2;
      const victim = random.integer(0, 1);
      const { code, ms } = await (isApi ? stage.api : workers[victim]!).terminate();
      if (code !== 0) broken.push(`${isApi ? 'the api' : 'a worker'} ended with ${code} after ${Math.round(ms)} ms`);
      slowestMs = Math.max(slowestMs, Math.round(ms));
      if (isApi) await stage.restartApi();
      else workers[victim] = await start();
      ends += 1;
    }
    if (slowestMs > endsWithinMs) broken.push(`it took ${slowestMs} ms to end`);
    const { counts, broken: gaps } = await reconcile(stage, await load, { label, withinMs: 120_000 });
    const lostClaims = await countLostClaims(stage, label);
    if (lostClaims > 0) broken.push(`${lostClaims} downloads were not handed back`);
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { counts: { ...counts, terminated: ends, slowestMs, lostClaims }, broken: [...broken, ...gaps] };
  },
};
