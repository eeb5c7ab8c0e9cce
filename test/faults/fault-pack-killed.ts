import { readdir, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Fault, FaultScene } from './fault.ts';
import { largeRequest, requestDownloads } from './load.ts';
import { createReader } from './reader.ts';
import { reconcile } from './reconcile.ts';
import type { ServiceProcess } from './service-process.ts';
import { until } from './until.ts';

const label = 'pack-killed';
/** Above the largest archive that is asked for, so that some kills come after the last byte. */
const largestOffset = 20_000_000;

/** Workers die at random bytes of the archives that they write, while readers wait for them. */
export const packKilled: Fault = {
  name: label,
  done: 'kill -9 of a worker at a random byte of the archive that it writes, while a reader asks for it',
  // What is written and read here does not come by the queue.
  queues: ['redis'],
  async run(scene) {
    const { stage, random, long } = scene;
    const start = () => stage.startWorker({ DELIVERY: 'packed', LEASE_SECONDS: '3' });
    const workers = await Promise.all([start(), start()]);
    const wanted = long ? 200 : 2;
    const reader = createReader(stage);
    let kills = 0;
    const load = requestDownloads(stage, random, {
      label,
      count: 20 * wanted,
      clients: 2,
      body: largeRequest,
      mostOpen: 4,
      enough: () => kills >= wanted,
      onAccepted: (id) => reader.follow(id),
    });
    const broken: string[] = [];
    let furthest = 0;
    while (kills < wanted) {
      const offset = random.integer(0, largestOffset);
      const victim = await until(() => writingBeyond(scene, workers, offset), { withinMs: 60_000, everyMs: 1 });
      if (victim === null) {
        broken.push(`no worker wrote ${offset} bytes`);
        break;
      }
      await victim.worker.kill();
      furthest = Math.max(furthest, victim.written);
      kills += 1;
      workers[workers.indexOf(victim.worker)] = await start();
    }
    kills = wanted;
    const accepted = await load;
    const { counts, broken: gaps } = await reconcile(stage, accepted, { label, withinMs: 180_000 });
    const read = await reader.end();
    await Promise.all(workers.map((worker) => worker.terminate()));
    if (read.archives !== accepted.ids.size) broken.push(`${read.archives} archives were read of ${accepted.ids.size}`);
    return {
      counts: { ...counts, kills, furthestByte: furthest, polls: read.polls, archivesRead: read.archives },
      broken: [...broken, ...gaps, ...read.broken],
    };
  },
};

/** The worker that has written so much of an archive, unless it would be one too many that dies of the same download. */
async function writingBeyond(
  scene: FaultScene,
  workers: readonly ServiceProcess[],
  offset: number,
): Promise<{ worker: ServiceProcess; written: number } | null> {
  for (const worker of workers) {
    const written = await bytesWritten(scene, worker);
    if (written !== null && written >= offset && !(await holdsUnlucky(scene, worker))) return { worker, written };
  }
  return null;
}

/** Of the largest file among the temporary ones that the process has open. Linux only. */
async function bytesWritten({ stage }: FaultScene, { pid }: ServiceProcess): Promise<number | null> {
  const folder = path.join(stage.dataDir, 'temporary');
  const links = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const sizes = await Promise.all(
    links.map(async (link) => {
      const target = await readlink(`/proc/${pid}/fd/${link}`).catch(() => '');
      return target.startsWith(folder)
        ? stat(target).then(
            ({ size }) => size,
            () => null,
          )
        : null;
    }),
  );
  const written = sizes.filter((size) => size !== null);
  return written.length === 0 ? null : Math.max(...written);
}

/** A download that takes three workers with it in a row is given up as poison, by design. */
async function holdsUnlucky({ stage }: FaultScene, { pid }: ServiceProcess): Promise<boolean> {
  const rows = await stage.db.orm.execute(
    `select from downloads where worker_id like '%-${pid}-%' and crashes >= 2 and lease_until is not null`,
  );
  return rows.length > 0;
}
