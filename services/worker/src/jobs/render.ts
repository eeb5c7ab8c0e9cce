import { renderStaticRenditions } from '@sheaf/ingest/render-static';
import type { JobPayloads } from '@sheaf/queue/jobs';
import type { WorkerDeps } from '../worker-deps.ts';

/** Makes an asset's static renditions ahead of any download that asks for them. */
export async function render({ assetId }: JobPayloads['render'], deps: WorkerDeps, signal: AbortSignal) {
  const counts = await renderStaticRenditions(deps, assetId, signal);
  if (counts.failed > 0) deps.logger.warn({ assetId, ...counts }, 'renditions failed');
}
