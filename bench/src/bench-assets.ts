import path from 'node:path';
import { type BenchSystem, startBenchSystem } from './bench-system.ts';
import { percentile } from './measure.ts';
import { seedDatabase } from './seed/seed-database.ts';

const sizes = [0, 10_000, 100_000];
const rounds = 60;
const warmUp = 5;

const calls = {
  firstPage: '?limit=120',
  common: '?q=harbour',
  rare: '?q=99%20dusk',
  nothing: '?q=zebra',
  folder: '?folder=Brand%201',
  licence: '?licenceId=none&type=image',
  expiring: '?expiring=true',
  facets: '/facets',
  facetsOfSearch: '/facets?q=harbour',
  selectAll: '/selection',
};

/**
 * What a requester's calls to the catalogue take, one after the other over HTTP: empty, and with so many assets. With
 * DATABASE_URL, with those that are there instead.
 */
export async function benchAssets(folder: string) {
  const figures: Record<string, unknown> = {};
  for (const assets of process.env.DATABASE_URL ? (['given'] as const) : sizes) {
    const system = await startBenchSystem(path.join(folder, `assets-${assets}`));
    try {
      if (assets !== 'given' && assets > 0) await seedDatabase(system.databaseUrl, { downloads: 1, assets }, () => {});
      figures[assets] = await system.withoutWorker(() => measureCalls(system));
    } finally {
      await system.stop();
    }
  }
  return figures;
}

async function measureCalls({ url, headers }: BenchSystem) {
  const figures: Record<string, { p50: number; p95: number }> = {};
  for (const [name, call] of Object.entries(calls)) {
    const milliseconds: number[] = [];
    for (let round = -warmUp; round < rounds; round++) {
      const start = performance.now();
      const answer = await fetch(`${url}/api/v1/assets${call}`, { headers });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${call} answered ${answer.status}.`);
      if (round >= 0) milliseconds.push(performance.now() - start);
    }
    figures[name] = { p50: Math.round(percentile(milliseconds, 0.5)), p95: Math.round(percentile(milliseconds, 0.95)) };
  }
  return figures;
}
