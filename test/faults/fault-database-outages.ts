import { setTimeout as pause } from 'node:timers/promises';
import { endAtStatements, type StatementEnds } from './end-at-statements.ts';
import type { Fault, FaultOutcome, FaultScene } from './fault.ts';
import { requestDownloads, smallRequest } from './load.ts';
import { reconcile } from './reconcile.ts';
import { until } from './until.ts';

const label = 'database-outages';
/** Longest that transactions are looked for at which no connection was ended yet. */
const statementsWithinMs = 300_000;

/** The database ends connections in the middle of whatever they do, and then goes down as a whole, again and again. */
export const databaseOutages: Fault = {
  name: label,
  done: 'pg_terminate_backend at each statement of each transaction, then immediate restarts of PostgreSQL',
  queues: ['postgres', 'redis'],
  async run(scene) {
    const ends = await endAtStatements(scene.stage, scene.random, { timesEach: 2 });
    try {
      return await breakDatabase(scene, ends);
    } finally {
      await scene.stage.restartApi();
      await ends.close();
    }
  },
};

async function breakDatabase(scene: FaultScene, ends: StatementEnds): Promise<FaultOutcome> {
  const { stage, random, long } = scene;
  const env = { DATABASE_URL: ends.databaseUrl };
  const [, ...workers] = await Promise.all([stage.restartApi(env), stage.startWorker(env), stage.startWorker(env)]);
  let isOver = false;
  const enough = () => isOver;
  const load = requestDownloads(stage, random, { label, count: 100_000, mostOpen: 12, enough });
  const changes = changeDownloads(scene, enough);
  ends.begin();
  await until(() => (long ? ends.done === ends.seen && ends.done > 0 : ends.ended >= 20), {
    withinMs: statementsWithinMs,
    everyMs: long ? 5_000 : 50,
  });
  ends.stop();

  const restarts = long ? 20 : 2;
  const outagesMs = Array.from({ length: restarts }, () => random.integer(0, 1_000));
  if (long) outagesMs[restarts - 1] = 1_500 * stage.leaseSeconds;
  for (const outageMs of outagesMs) {
    await pause(random.integer(500, 2_500));
    await stage.postgres.crash();
    await pause(outageMs);
    await stage.postgres.start();
  }
  // Also afterwards they are to be of use.
  await pause(1_000);
  isOver = true;
  const accepted = await load;
  await changes;
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
  const { seen: statements, done: endedAtEach, ended } = ends;
  return { counts: { ...counts, statements, endedAtEach, ended, restarts, repeats: accepted.repeats }, broken };
}

/** What else is done to downloads, over and over, whatever comes of it: cancelled, asked for again, shared, revoked. */
async function changeDownloads({ stage, random }: FaultScene, enough: () => boolean): Promise<void> {
  const requester = stage.requesters[0]!;
  const post = (path: string) =>
    requester.call(`/api/v1/downloads/${path}`, { method: 'POST' }).then(
      (response) => response.arrayBuffer(),
      () => null,
    );
  for (let n = 0; !enough(); n += 1) {
    const name = `changed-in-${label}-${n}`;
    const body = { assetIds: [], notify: { email: true, to: [] }, ...smallRequest(random, stage), name };
    const asked = await requester.request(body, name);
    // Some are ready by then.
    await pause(random.integer(0, 1_500));
    for (const change of ['cancel', 'retry', 'links', 'revoke']) {
      await post(`${asked.id}/${change}`);
      await pause(random.integer(20, 200));
    }
  }
}
