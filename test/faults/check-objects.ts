import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { compareObjects } from '@sheaf/standalone/doctor/compare-objects';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** Most of a sort that are told one by one. */
const shown = 5;
/** Longest until a worker that has just started has tidied up. */
const tidyMs = 30_000;

/**
 * What is stored as published against what the database says: every object is there with its size, and none that nothing
 * needs, however young. Half written files are to be gone once a day has passed.
 */
export async function checkObjects(stage: Stage): Promise<string[]> {
  const { missing, stray } = await compareObjects(stage, { strayAfterMs: 0 });
  const broken = missing.map(({ objectKey, size }) => `${objectKey} is not there with its ${size} bytes`);
  if (stray.length > 0) broken.push(`${stray.length} stored objects that nothing needs`, ...stray.slice(0, shown));
  broken.push(...(await checkTemporary(stage)));
  return broken;
}

/** Makes what is there a day older; a worker that starts then removes it. */
async function checkTemporary(stage: Stage): Promise<string[]> {
  const folder = path.join(stage.dataDir, 'temporary');
  const left = await filesIn(folder);
  if (left.length === 0) return [];
  const old = new Date(Date.now() - 25 * 60 * 60 * 1_000);
  await Promise.all(left.map((name) => utimes(path.join(folder, name), old, old).catch(nothingWhereAbsent)));
  const worker = await stage.startWorker();
  const gone = await until(async () => (await filesIn(folder)).length === 0, { withinMs: tidyMs });
  await worker.terminate();
  return gone ? [] : [`${(await filesIn(folder)).length} temporary files are left after a day`];
}

/** Paths below the folder, with `/`. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)));
}

function nothingWhereAbsent(error: unknown): undefined {
  if ((error as { code?: unknown }).code === 'ENOENT') return;
  throw error;
}
