import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Fault } from './fault.ts';
import { requestDownloads } from './load.ts';
import { reconcile } from './reconcile.ts';
import { countLostClaims } from './steps.ts';

const label = 'clock-moved';
const module = fileURLToPath(new URL('./worker-program.ts', import.meta.url));
const hourMs = 60 * 60 * 1_000;

/** The clocks of the workers jump an hour forward and back while they work. */
export const clockMoved: Fault = {
  name: label,
  done: 'the clock of each of two workers set an hour forward, back, or right, again and again',
  queues: ['redis', 'postgres'],
  async run({ stage, random, long }) {
    const start = () => stage.startWorker({}, { module });
    const workers = await Promise.all([start(), start()]);
    // Ready, and to end in half an hour: no clock of a worker may end it before.
    const early = await requestDownloads(stage, random, { label: `${label}-early`, count: 5 });
    const before = await reconcile(stage, early, { label: `${label}-early`, withinMs: 60_000 });
    await stage.db.orm.execute(
      `update downloads set expires_at = now() + interval '30 minutes' where name like '${label}-early-%'`,
    );
    const wanted = long ? 40 : 4;
    let moves = 0;
    const load = requestDownloads(stage, random, {
      label,
      count: 100_000,
      mostOpen: 12,
      enough: () => moves >= wanted,
    });
    while (moves < wanted) {
      random.pick(workers).send({ clockOffsetMs: random.pick([-hourMs, 0, hourMs]) });
      moves += 1;
      await pause(random.integer(1_000, 3_000));
    }
    // A queue whose schedule went by a clock that was an hour ahead must not sleep for that hour now.
    for (const worker of workers) worker.send({ clockOffsetMs: -hourMs });
    const accepted = await load;
    for (const [key, id] of early.ids) accepted.ids.set(key, id);
    const lostBefore = await countLostClaims(stage, label);
    const abandoned = await requestDownloads(stage, random, { label: `${label}-abandoned`, count: 6 });
    await workers[0]!.kill();
    for (const [key, id] of abandoned.ids) accepted.ids.set(key, id);
    const { counts, broken } = await reconcile(stage, accepted, { label, withinMs: 60_000 });
    if (lostBefore > 0) broken.push(`${lostBefore} claims were taken for lost though their workers lived`);
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { counts: { ...counts, moves, lostClaims: lostBefore }, broken: [...before.broken, ...broken] };
  },
};
