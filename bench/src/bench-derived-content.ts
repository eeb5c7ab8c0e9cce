import { insertPreset } from '@sheaf/db/presets/insert-preset';
import { updatePreset } from '@sheaf/db/presets/update-preset';
import { completeParameters } from '@sheaf/domain/complete-parameters';
import type { BenchSystem } from './bench-system.ts';
import { addToCatalogue } from './catalogue.ts';
import { median } from './measure.ts';

const repeats = 20;
const smartCrop = completeParameters({ width: 1_200, height: 1_200 });

/** A picture that is made on demand: its first request through the API, which waits for the worker, beside later ones. */
export async function benchDerivedContent(system: BenchSystem, pictures: string[]) {
  await addPreset(system);
  const assetIds = await addToCatalogue(system, 'derived-content', pictures, '.jpg');
  const urls = await Promise.all(assetIds.map((id) => derivedUrl(system, id)));
  // The first picture of all also starts the renderer's process.
  const [warmUp, ...measured] = urls;
  await timedGet(system, warmUp!);
  const first: number[] = [];
  for (const url of measured) first.push(await timedGet(system, url));
  const repeated: number[] = [];
  for (let round = 0; round < repeats; round++) {
    for (const url of measured) repeated.push(await timedGet(system, url));
  }
  return {
    pictures: measured.length,
    milliseconds: { first: median(first), repeated: median(repeated) },
    timesFaster: median(first) / median(repeated),
  };
}

async function addPreset({ db }: BenchSystem): Promise<void> {
  const now = new Date();
  const definitions = [{ name: 'bench', title: 'Bench', parameters: smartCrop }];
  const preset = { kind: 'dynamic' as const, name: 'bench', title: 'Bench', definitions, createdAt: now };
  const presetId = await insertPreset(db.orm, { ...preset, createdBy: null });
  await updatePreset(db.orm, presetId, { approved: true }, now);
}

async function derivedUrl({ url, headers }: BenchSystem, assetId: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/assets/${assetId}`, { headers });
  const { renditions } = (await response.json()) as { renditions: { kind: string; url: string }[] };
  const made = renditions.find(({ kind }) => kind === 'dynamic');
  if (!made) throw new Error('Nothing can be made on demand.');
  return `${url}${made.url}`;
}

/** Milliseconds until all of its bytes are there. */
async function timedGet({ headers }: BenchSystem, url: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(url, { headers });
  const bytes = await response.arrayBuffer();
  if (response.status !== 200 || bytes.byteLength === 0)
    throw new Error(`The picture was answered ${response.status}.`);
  return performance.now() - start;
}
