import type { JobRun } from '@sheaf/queue/job-run';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { readOrSetAside } from '../read-or-set-aside.ts';
import type { WorkerDeps } from '../worker-deps.ts';

/** Makes an asset's static renditions ahead of any download that asks for them. */
export async function render(
  { assetId }: JobPayloads['render'],
  deps: WorkerDeps,
  signal: AbortSignal,
  run: JobRun,
): Promise<void> {
  // Loaded when first needed, as everywhere in the worker: a worker that only packs stays 20 MB smaller.
  const { renderStaticRenditions } = await import('@sheaf/ingest/render-static');
  const counts = await readOrSetAside(deps, run, signal, () => renderStaticRenditions(deps, assetId, signal));
  if (counts.failed > 0) deps.logger.warn({ assetId, ...counts }, 'renditions failed');
}
