import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { countOpen, requestDownloads } from './load.ts';
import { reconcile } from './reconcile.ts';
import { type Kill, readInterruptions } from './steps.ts';

/** What a lost worker was doing has to be begun again within this. */
const restartedWithinMs = 15_000;

/** Of the short form: on a busy machine its downloads last for many, and one that takes three workers with it is poison. */
const fewKills = 3;

/** Two workers, of which one or the other dies again and again, and is started again. */
export const workerKilled: Fault = {
  name: 'worker-killed',
  done: 'kill -9 of one of two workers every 2 s',
  queues: ['redis', 'postgres'],
  async run({ stage, random, long }) {
    const workers = await Promise.all([stage.startWorker(), stage.startWorker()]);
    const kills: Kill[] = [];
    const load = requestDownloads(stage, random, { label: 'worker-killed', count: long ? 1_000 : 40 });
    let asking = true;
    load.finally(() => {
      asking = false;
    });
    const isAtWork = async () => asking || (await countOpen(stage)) > 0;
    while ((long || kills.length < fewKills) && (await isAtWork())) {
      // In the short form faster, so that its few downloads meet it too.
      await pause(long ? 2_000 : random.integer(200, 800));
      const victim = random.integer(0, 1);
      const { pid } = workers[victim]!;
      await workers[victim]!.kill();
      kills.push({ pid, at: Date.now() });
      workers[victim] = await stage.startWorker();
    }
    const { counts, broken } = await reconcile(stage, await load, { label: 'worker-killed', withinMs: 120_000 });
    const interruptions = await readInterruptions(stage, kills);
    if (interruptions.longestRestartMs > restartedWithinMs) {
      broken.push(`a download was begun again only after ${interruptions.longestRestartMs} ms`);
    }
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { counts: { ...counts, kills: kills.length, ...interruptions }, broken };
  },
};
