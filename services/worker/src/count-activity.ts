import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { readQueueDepths } from '@sheaf/db/queues/read-queue-depths';
import { forgetRollups } from '@sheaf/db/rollups/forget-rollups';
import { recordHighest } from '@sheaf/db/rollups/record-measures';
import { rollUp } from '@sheaf/db/rollups/roll-up';
import { measureStorage } from '@sheaf/db/storage/measure-storage';
import type { RollupResolution } from '@sheaf/domain/time-range';
import type { WorkerDeps } from './worker-deps.ts';

const second = 1_000;

/** How often what is under way is counted again: the shorter a unit, the sooner people see what happens in it. */
const countEvery: readonly [RollupResolution, number][] = [
  ['minute', 5 * second],
  ['quarter', 30 * second],
  ['hour', 60 * second],
  ['six-hours', 300 * second],
  ['day', 300 * second],
];

/** Counts what happened since the last time, for the dashboard, and samples how much waits. */
export async function countActivity({ db, clock, cadence }: WorkerDeps, signal: AbortSignal): Promise<void> {
  const now = clock();
  for (const [resolution, everyMs] of countEvery) {
    if (cadence(`count ${resolution}`, everyMs)) await rollUp(db, resolution, { now, signal });
  }
  if (!cadence('depth', 5 * second)) return;
  const depths = [...(await readQueueDepths(db.orm))];
  const samples = depths.map(([name, { waiting }]) => ({ measure: `depth:${name}`, bucket: 0, value: waiting }));
  const downloads = depths.filter(([name]) => name === 'gather' || name === 'pack');
  const waiting = downloads.reduce((sum, [, depth]) => sum + depth.waiting, 0);
  await recordHighest(db.orm, now, [...samples, { measure: 'depth', bucket: 0, value: waiting }]);
}

export async function forgetActivity({ db, clock }: WorkerDeps): Promise<void> {
  await forgetRollups(db.orm, clock());
}

/** Adds up what is stored, and asks the file system how much more there is room for. */
export async function measure({ db, clock, settings, logger }: WorkerDeps): Promise<void> {
  const disk = await statfs(path.resolve(settings.DATA_DIR)).then(
    ({ bavail, blocks, bsize }) => ({ freeBytes: bavail * bsize, totalBytes: blocks * bsize }),
    (err: unknown) => {
      logger.warn({ err }, 'the file system did not say how much room there is');
      return null;
    },
  );
  await measureStorage(db.orm, disk, clock());
}
