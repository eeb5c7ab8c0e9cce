import type { WorkerJson } from '@sheaf/contract/worker';
import type { Executor } from '@sheaf/db/database';
import { findDownloadsAtWork } from '@sheaf/db/workers/find-downloads-at-work';
import { aliveSeconds } from '@sheaf/db/workers/heartbeat-worker';
import { listWorkers } from '@sheaf/db/workers/list-workers';

/** Every worker that has not said that it ended, with what it was running at its last heartbeat. */
export async function readWorkers(executor: Executor): Promise<{ at: Date; workers: WorkerJson[] }> {
  const rows = await listWorkers(executor);
  const now = rows[0]?.now ?? new Date();
  const downloads = await findDownloadsAtWork(
    executor,
    rows.flatMap(({ jobs }) => jobs.flatMap(({ downloadId }) => downloadId ?? [])),
  );
  const workers = rows.map(({ id, host, pid, version, startedAt, heartbeatAt, rssBytes, jobs }) => {
    const age = Math.max(0, (now.getTime() - heartbeatAt.getTime()) / 1_000);
    return {
      id,
      host,
      pid,
      version,
      startedAt: startedAt.toISOString(),
      heartbeatAt: heartbeatAt.toISOString(),
      heartbeatAgeSeconds: age,
      stale: age >= aliveSeconds,
      rssBytes,
      jobs: jobs.map((job) => ({
        queue: job.queue,
        startedAt: job.startedAt,
        download: (job.downloadId !== null && downloads.get(job.downloadId)) || null,
      })),
    };
  });
  return { at: now, workers };
}
