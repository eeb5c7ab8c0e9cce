import type { JobRun } from '@sheaf/queue/job-run';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { makeDerivative } from '../make-derivative.ts';
import { readOrSetAside } from '../read-or-set-aside.ts';
import type { WorkerDeps } from '../worker-deps.ts';

/** Makes a rendition that somebody asked for on demand. */
export async function derive(
  { derivativeId }: JobPayloads['derive'],
  deps: WorkerDeps,
  signal: AbortSignal,
  run: JobRun,
): Promise<void> {
  await readOrSetAside(deps, run, signal, () => makeDerivative(deps, derivativeId, signal));
}
