import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, FaultScene } from './fault.ts';
import { largeRequest, requestDownloads } from './load.ts';
import { reconcile } from './reconcile.ts';
import type { ServiceProcess } from './service-process.ts';
import { until } from './until.ts';

const label = 'worker-suspended';
/** In the long form, too: what counts is that it is shorter than the worker's silence. */
const leaseSeconds = 3;

interface HeldDownload extends Record<string, unknown> {
  id: string;
  epoch: number;
}

/** A worker falls silent in the middle of its work and comes back when another has its downloads. */
export const workerSuspended: Fault = {
  name: label,
  done: 'SIGSTOP of a worker that packs until its lease has run out and another has its download, then SIGCONT',
  queues: ['postgres', 'redis'],
  async run(scene) {
    const { stage, random, long } = scene;
    const start = () => stage.startWorker({ DELIVERY: 'packed', LEASE_SECONDS: String(leaseSeconds) });
    const workers = await Promise.all([start(), start()]);
    const wanted = long ? 50 : 2;
    let rounds = 0;
    const load = requestDownloads(stage, random, {
      label,
      count: 40 * wanted,
      clients: 2,
      body: largeRequest,
      mostOpen: 3,
      enough: () => rounds >= wanted,
    });
    const broken: string[] = [];
    let takenOver = 0;
    while (rounds < wanted) {
      const victim = random.pick(workers);
      const held = await suspendAtWork(scene, victim);
      if (held === null) {
        broken.push('no worker was caught at work');
        break;
      }
      const lost = await until(() => areTakenOver(scene, held), { withinMs: 60_000, everyMs: 100 });
      if (lost === null) broken.push(`nobody took over from a silent worker: ${JSON.stringify(held)}`);
      takenOver += held.length;
      await pause(random.integer(0, 1_500));
      victim.resume();
      rounds += 1;
    }
    rounds = wanted;
    const { counts, broken: gaps } = await reconcile(stage, await load, { label, withinMs: 120_000 });
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { counts: { ...counts, suspended: wanted, takenOver }, broken: [...broken, ...gaps] };
  },
};

/** Stops the worker at some moment at which it has downloads, and says which. */
async function suspendAtWork({ stage, random }: FaultScene, worker: ServiceProcess): Promise<HeldDownload[] | null> {
  const held = () =>
    stage.db.orm.execute<HeldDownload>(
      `select id, epoch from downloads where worker_id like '%-${worker.pid}-%' and lease_until is not null
        and state in ('gathering', 'packing')`,
    );
  return until(
    async () => {
      if ((await held()).length === 0) return null;
      await pause(random.integer(0, 60));
      worker.suspend();
      const caught = await held();
      if (caught.length > 0) return [...caught];
      worker.resume();
      return null;
    },
    { withinMs: 60_000, everyMs: 5 },
  );
}

async function areTakenOver({ stage }: FaultScene, held: readonly HeldDownload[]): Promise<boolean> {
  const ids = held.map(({ id }) => `'${id}'`).join(',');
  const rows = await stage.db.orm.execute<HeldDownload>(`select id, epoch from downloads where id in (${ids})`);
  return held.every(({ id, epoch }) => rows.some((row) => row.id === id && row.epoch > epoch));
}
