import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, FaultScene } from './fault.ts';
import { requestDownloads } from './load.ts';
import { reconcile } from './reconcile.ts';
import { until } from './until.ts';

const label = 'database-outages';

/** The database ends connections in the middle of whatever they do, and then goes down as a whole, again and again. */
export const databaseOutages: Fault = {
  name: label,
  done: 'pg_terminate_backend of random connections, then immediate restarts of PostgreSQL',
  queues: ['postgres', 'redis'],
  async run(scene) {
    const { stage, random, long } = scene;
    const workers = [await stage.startWorker(), await stage.startWorker()];
    const connectionsToEnd = long ? 500 : 20;
    const restarts = long ? 20 : 2;
    let isOver = false;
    const load = requestDownloads(stage, random, { label, count: 100_000, mostOpen: 12, enough: () => isOver });
    let ended = 0;
    while (ended < connectionsToEnd) {
      await pause(random.integer(5, 120));
      if (await endConnection(scene)) ended += 1;
    }
    for (let restart = 0; restart < restarts; restart += 1) {
      await pause(random.integer(500, 2_500));
      await stage.postgres.crash();
      await pause(random.integer(0, 1_000));
      await stage.postgres.start();
    }
    // Also afterwards they are to be of use.
    await pause(1_000);
    isOver = true;
    const accepted = await load;
    await until(
      () =>
        stage.db.ping().then(
          () => true,
          () => false,
        ),
      { withinMs: 30_000 },
    );
    const { counts, broken } = await reconcile(stage, accepted, { label, withinMs: 120_000 });
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { counts: { ...counts, ended, restarts, repeats: accepted.repeats }, broken };
  },
};

/** Ends a random connection of an api or a worker. False where there was none. */
async function endConnection({ stage, random }: FaultScene): Promise<boolean> {
  const connections = await stage.db.orm.execute<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and application_name <> 'faults'
      and backend_type = 'client backend' order by pid`,
  );
  if (connections.length === 0) return false;
  const { pid } = random.pick(connections);
  const [row] = await stage.db.orm.execute<{ ended: boolean }>(`select pg_terminate_backend(${pid}) as ended`);
  return row!.ended;
}
