import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { listPublishedObjects, type PublishedObject } from '@sheaf/db/doctor/list-published-objects';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** Most of a sort that are told one by one. */
const shown = 5;
/** Longest until a worker that has just started has tidied up. */
const tidyMs = 30_000;

/**
 * What is stored as published against what the database says: every object is there with its size, and no other. Half
 * written files are to be gone once a day has passed.
 */
export async function checkObjects(stage: Stage): Promise<string[]> {
  const broken: string[] = [];
  const known = new Set<string>();
  let after: PublishedObject | null = null;
  do {
    const page: PublishedObject[] = await listPublishedObjects(stage.db.orm, { after, limit: 500 });
    after = page.at(-1) ?? null;
    for (const { objectKey, size } of page) {
      known.add(objectKey);
      const stored = await stage.storage.objects.stat(objectKey);
      if (stored?.size !== size) broken.push(`${objectKey} has ${stored?.size ?? 'no'} bytes instead of ${size}`);
    }
  } while (after !== null);
  const stray = (await filesIn(path.join(stage.dataDir, 'objects'))).filter((key) => !known.has(key));
  if (stray.length > 0) broken.push(`${stray.length} stored objects that nothing knows`, ...stray.slice(0, shown));
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
