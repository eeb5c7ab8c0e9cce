import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { WorkerDeps } from './worker-deps.ts';

/** Pictures are decoded in several threads each already; two at a time keep those busy. */
const concurrency = 2;

/** Makes the renditions that a decision still waits for. Returns for how many assets there were any to make. */
export async function renderPending(
  deps: Pick<WorkerDeps, 'db' | 'storage'>,
  { outcomes }: DownloadDecision,
  signal: AbortSignal,
): Promise<number> {
  const waiting = outcomes.filter(({ entries }) => entries.some(({ size }) => size === null));
  if (waiting.length === 0) return 0;
  const { renderStaticRenditions } = await import('@sheaf/ingest/render-static');
  const remaining = waiting.values();

  async function renderRemaining(): Promise<void> {
    for (const { assetId } of remaining) {
      signal.throwIfAborted();
      await renderStaticRenditions(deps, assetId, signal);
    }
  }

  await Promise.all(Array.from({ length: concurrency }, renderRemaining));
  return waiting.length;
}
