import type { JobPayloads } from '@sheaf/queue/jobs';
import { makeDerivative } from '../make-derivative.ts';
import type { WorkerDeps } from '../worker-deps.ts';

/** Makes a rendition that somebody asked for on demand. */
export async function derive({ derivativeId }: JobPayloads['derive'], deps: WorkerDeps, signal: AbortSignal) {
  await makeDerivative(deps, derivativeId, signal);
}
