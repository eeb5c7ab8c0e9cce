import { deleteOutbox, type TakenRow, takeOutbox } from '@sheaf/db/outbox/take-outbox';
import { createCadence } from '@sheaf/worker/cadence';
import { bulk } from '@sheaf/worker/jobs/bulk';
import { derive } from '@sheaf/worker/jobs/derive';
import { gather } from '@sheaf/worker/jobs/gather';
import { notify } from '@sheaf/worker/jobs/notify';
import { pack } from '@sheaf/worker/jobs/pack';
import { render } from '@sheaf/worker/jobs/render';
import { sweep } from '@sheaf/worker/jobs/sweep';
import type { WorkerDeps } from '@sheaf/worker/worker-deps';

/** The jobs without a queue: run in the order in which they are asked for, one after the other. */
export function createJobRunner(deps: WorkerDeps) {
  const never = new AbortController().signal;

  /** Takes the jobs that are due from the outbox. */
  async function takeJobs(): Promise<TakenRow[]> {
    return deps.db.transaction(async (tx) => {
      const rows = await takeOutbox(tx, { batch: 100, maxOpenDownloads: 100 });
      await deleteOutbox(
        tx,
        rows.map(({ id }) => id),
      );
      return rows;
    });
  }

  async function runJob(
    { job, payload }: Pick<TakenRow, 'job' | 'payload'>,
    signal = never,
    run = { isLast: true },
  ): Promise<void> {
    if (job === 'gather') return void (await gather(payload as never, deps, signal));
    if (job === 'pack') return pack(payload as never, deps, signal);
    if (job === 'render') return render(payload as never, deps, signal, run);
    if (job === 'derive') return derive(payload as never, deps, signal, run);
    if (job === 'notify') return notify(payload as never, deps, signal);
    if (job === 'bulk') return bulk(payload as never, deps, signal);
    return sweep({}, deps, signal);
  }

  /** As a worker does it: what is streamed is packed right after. Its job comes as well and finds nothing to do. */
  async function gatherAndPack({ payload }: TakenRow): Promise<void> {
    const gathered = await gather(payload as never, deps, never);
    if (gathered !== null) await pack(payload as never, deps, never, gathered);
  }

  return {
    takeJobs,
    runJob,
    /** Runs jobs until none of these is asked for any more; others are dropped. */
    async runJobs(...names: ('gather' | 'pack' | 'render' | 'derive' | 'notify' | 'bulk')[]): Promise<void> {
      for (let rows = await takeJobs(); rows.length > 0; rows = await takeJobs()) {
        for (const row of rows) {
          if (row.job === 'gather' && ['gather', 'pack'].every((name) => names.includes(name as never))) {
            await gatherAndPack(row);
          } else if (names.length === 0 || names.includes(row.job as never)) await runJob(row);
        }
      }
    },
    sweep: (signal = never) => sweep({}, { ...deps, cadence: createCadence() }, signal),
  };
}
