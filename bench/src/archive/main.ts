import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure, FigureResult } from './figure.ts';
import { deliveryFigure } from './figure-delivery.ts';
import { firstByteFigure } from './figure-first-byte.ts';
import { packFigure } from './figure-pack.ts';
import { readyFigure } from './figure-ready.ts';
import { slowClientsFigure } from './figure-slow-clients.ts';
import { printTable } from './print-table.ts';

/**
 * `npm run bench:archive`: the archive engine beside its peers, in one run, in turn, on one file system.
 * `-- --json` prints one JSON line and nothing else; `-- --rounds=1 --only=cp,sheaf packLarge` measures one
 * figure of some contenders, once. Writes up to 10 GB
 * below the temporary folder, or below BENCH_FOLDER.
 */
const figures: readonly Figure[] = [
  packFigure('packLarge', 40, 50_000_000, { peer: 'cp', most: 1.2, archiver: 8, fasterThan: ['7z', 'bsdtar'] }),
  packFigure('packSmall', 20_000, 50_000, { peer: 'cat', most: 1.2, archiver: 12, fasterThan: ['7z', 'bsdtar'] }),
  packFigure('packOne', 1, 4_500_000_000, { peer: 'cp', most: 1.3 }),
  readyFigure,
  firstByteFigure,
  deliveryFigure,
  slowClientsFigure,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const only = values.only?.split(',') ?? null;
const unknown = positionals.filter((name) => !figures.some((figure) => figure.name === name));
if (unknown.length > 0) throw new Error(`There is no figure ${unknown.join(', ')}.`);

const folder = await mkdtemp(path.join(process.env.BENCH_FOLDER ?? tmpdir(), 'sheaf-bench-archive-'));
const results: Record<string, FigureResult> = {};
const loadBefore = loadavg()[0]!;
try {
  for (const { name, measure } of figures) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    results[name] = await measure({ folder, rounds, only });
    if (!values.json) printTable(name, results[name]);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const machine = { processors: availableParallelism(), loadBefore, loadAfter: loadavg()[0]! };
if (values.json) console.log(JSON.stringify({ machine, rounds, ...results }));
else console.log('\n', machine);
