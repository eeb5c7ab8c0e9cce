import { claimDelays } from '@sheaf/db/downloads/claim-delays';
import autocannon from 'autocannon';
import type { BenchSystem } from './bench-system.ts';
import { ask, untilReady } from './bench-worker.ts';
import { percentile } from './measure.ts';

const connections = 20;
const seconds = 10;
const pickUps = 200;

/** How soon a worker takes up an accepted request, one request after the other. */
export async function benchPickUp(system: BenchSystem, assetIds: string[]) {
  const ids: string[] = [];
  for (let i = 0; i < pickUps; i++) {
    const id = await ask(system, assetIds);
    await untilReady(system, id);
    ids.push(id);
  }
  const delays = await claimDelays(system.db.orm, ids);
  return { requests: delays.length, milliseconds: { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) } };
}

/** How many requests of ten assets the API accepts, with the worker standing still. */
export async function benchRequests(system: BenchSystem, assetIds: string[]) {
  const result = await system.withoutWorker(() =>
    autocannon({
      url: `${system.url}/api/v1/downloads`,
      method: 'POST',
      headers: system.headers,
      body: JSON.stringify({ assetIds, renditions: 'originals' }),
      connections,
      duration: seconds,
    }),
  );
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed.`);
  return {
    connections,
    perSecond: result.requests.average,
    milliseconds: { p50: result.latency.p50, p99: result.latency.p99 },
  };
}
