import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { Outcome } from '@sheaf/domain/outcome';
import { type DeriveDeps, makeDerivative } from './make-derivative.ts';
import { wantDerivatives } from './want-derivatives.ts';

/** Pictures are decoded in several threads each already; two at a time keep those busy. */
const concurrency = 2;

/** Makes the renditions that a decision still waits for. Returns for how many assets there were any to make. */
export async function renderPending(
  deps: DeriveDeps,
  { outcomes }: DownloadDecision,
  signal: AbortSignal,
): Promise<number> {
  const waiting = outcomes.filter(({ entries }) => entries.some(({ size }) => size === null));
  const remaining = waiting.values();

  async function renderRemaining(): Promise<void> {
    for (const outcome of remaining) {
      signal.throwIfAborted();
      await renderAsset(deps, outcome, signal);
    }
  }

  await Promise.all(Array.from({ length: concurrency }, renderRemaining));
  return waiting.length;
}

async function renderAsset(deps: DeriveDeps, { assetId, entries }: Outcome, signal: AbortSignal): Promise<void> {
  const pending = entries.filter(({ size }) => size === null);
  const onDemand = pending.filter(({ presetId }) => presetId !== null);
  if (onDemand.length < pending.length) {
    const { renderStaticRenditions } = await import('@sheaf/ingest/render-static');
    await renderStaticRenditions(deps, assetId, signal);
  }
  const renditionIds = onDemand.map(({ renditionId }) => renditionId);
  for (const derivativeId of await wantDerivatives(deps, { assetId, renditionIds })) {
    signal.throwIfAborted();
    await makeDerivative(deps, derivativeId, signal);
  }
}
