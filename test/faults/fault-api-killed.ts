import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { requestDownloads } from './load.ts';
import { reconcile } from './reconcile.ts';

/** Clients ask and ask again while the api dies under them. */
export const apiKilled: Fault = {
  name: 'api-killed',
  done: 'kill -9 of the api a second after each of its starts, under requests with an Idempotency-Key',
  // A request is accepted without the queue.
  queues: ['postgres'],
  async run({ stage, random, long }) {
    const worker = await stage.startWorker();
    let asking = true;
    const load = requestDownloads(stage, random, { label: 'api-killed', count: long ? 1_000 : 40 }).finally(() => {
      asking = false;
    });
    let kills = 0;
    // A machine that is busy with other tests starts it so slowly that hardly anything would be answered in between.
    while (asking && (long || kills < 3)) {
      await pause(long ? 1_000 : random.integer(100, 1_000));
      await stage.restartApi();
      kills += 1;
    }
    const accepted = await load;
    const { counts, broken } = await reconcile(stage, accepted, { label: 'api-killed', withinMs: 120_000 });
    await worker.terminate();
    return { counts: { ...counts, kills, repeats: accepted.repeats }, broken };
  },
};
