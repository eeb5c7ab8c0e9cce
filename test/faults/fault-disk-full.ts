import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ownMounts, requireMounts } from '../harness/require-mounts.ts';
import { filesIn } from './check-objects.ts';
import type { Fault, FaultScene } from './fault.ts';
import { largeRequest, requestDownloads, smallRequest } from './load.ts';
import { reconcile } from './reconcile.ts';
import { until } from './until.ts';

const label = 'disk-full';
const module = fileURLToPath(new URL('./worker-program.ts', import.meta.url));
const diskBytes = 400_000_000;
/** What is left beside the filler: less than a large archive takes. */
const roomBytes = 16_000_000;
/** The 99th of a hundred answers of the api has to come within this. */
const answersWithinMs = 250;
const policy = JSON.stringify({ stepAttempts: 100, stepBackOff: 250 });

/** The mount is in a namespace of the worker's own, and vanishes with it. The stored files are everybody's. */
const script =
  'mount -t tmpfs -o size="$DISK_BYTES" none "$DATA_DIR" && mkdir "$DATA_DIR/blobs" && ' +
  'mount --bind "$BLOBS" "$DATA_DIR/blobs" && exec "$@"';

/** The disk that a worker packs to has no room for what it packs, until somebody makes some. */
export const diskFull: Fault = {
  name: label,
  done: 'a worker packs archives of 12 to 30 MB on a disk with 16 MB free, until there is room again',
  // What finds the disk full does not come by the queue.
  queues: ['postgres'],
  async run(scene) {
    await requireMounts();
    const { stage, random, long } = scene;
    const disk = await mkdtemp(path.join(tmpdir(), 'sheaf-faults-disk-'));
    const worker = await stage.startWorker(
      {
        DATA_DIR: disk,
        DISK_BYTES: String(diskBytes),
        BLOBS: path.join(stage.dataDir, 'blobs'),
        DELIVERY: 'packed',
        POLICY: policy,
      },
      { module, before: ['unshare', ...ownMounts, 'sh', '-c', script, 'sh'] },
    );
    const seen = path.join(`/proc/${worker.pid}/root`, disk);
    const filler = path.join(seen, 'filler');
    await writeFile(filler, Buffer.alloc(diskBytes - roomBytes));

    const times = measureAnswers(scene);
    const accepted = await requestDownloads(stage, random, {
      label,
      count: long ? 40 : 10,
      body: (...given) => (random.integer(0, 3) === 0 ? largeRequest : smallRequest)(...given),
    });
    const fullSteps = await until(
      async () => {
        const errors = await stepErrors(scene);
        return (errors['storage.full'] ?? 0) >= (long ? 40 : 3) ? errors : null;
      },
      { withinMs: 60_000 },
    );
    await pause(long ? 10_000 : 1_000);
    const p99Ms = percentile(await times.end(), 0.99);
    await rm(filler);
    const atRest = await until(async () => (await countReady(scene)) === accepted.ids.size, { withinMs: 120_000 });

    const temporary = await filesIn(path.join(seen, 'temporary'));
    await mkdir(path.join(stage.dataDir, 'objects'), { recursive: true });
    await cp(path.join(seen, 'objects'), path.join(stage.dataDir, 'objects'), { recursive: true });
    const { counts, broken } = await reconcile(stage, accepted, { label, withinMs: 60_000 });
    await worker.terminate();
    await rm(disk, { recursive: true, force: true });
    const { 'storage.full': full = 0, ...others } = fullSteps ?? {};
    if (full === 0) broken.push('the disk was never full');
    if (Object.keys(others).length > 0) broken.push(`steps failed with ${JSON.stringify(others)}`);
    if (!atRest) broken.push('not all were finished once there was room');
    if (temporary.length > 0) broken.push(`${temporary.length} temporary files are left`);
    // Only on a machine of its own: beside other tests the api waits for its processor.
    if (long && p99Ms > answersWithinMs) broken.push(`the api answered within ${p99Ms} ms (p99) meanwhile`);
    return { counts: { ...counts, stepsThatFoundItFull: full, apiP99Ms: p99Ms }, broken };
  },
};

/** Steps that failed, by the code of the error. */
async function stepErrors({ stage }: FaultScene): Promise<Record<string, number>> {
  const rows = await stage.db.orm.execute<{ code: string; n: number }>(
    `select s.error_code as code, count(*)::int as n from download_steps s join downloads d on d.id = s.download_id
      where d.name like '${label}-%' and s.error_code is not null group by 1`,
  );
  return Object.fromEntries(rows.map(({ code, n }) => [code, n]));
}

async function countReady({ stage }: FaultScene): Promise<number> {
  const [row] = await stage.db.orm.execute<{ n: number }>(
    `select count(*)::int as n from downloads where name like '${label}-%' and state = 'ready'`,
  );
  return row!.n;
}

/** Asks the api for a list of downloads again and again, and takes the time. */
function measureAnswers({ stage }: FaultScene) {
  const times: number[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const startedAt = performance.now();
      await (await stage.requesters[0]!.call('/api/v1/downloads?limit=20')).arrayBuffer();
      times.push(performance.now() - startedAt);
      await pause(20);
    }
  })();
  return {
    async end(): Promise<number[]> {
      isOver = true;
      await asking;
      return times;
    },
  };
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}
