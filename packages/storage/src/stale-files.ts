import { randomUUID } from 'node:crypto';
import { link, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DurableFolders } from './durable-folders.ts';
import { systemCode } from './storage-error.ts';

/** Names of the files in a folder and those below it; none where it does not exist. */
export async function listNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(emptyWhereAbsent);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/**
 * Removes a file unless it was written since then; false where it stays, or there is none. It is moved aside before it is
 * looked at for the last time, so that what somebody puts in its place at this moment is not what is removed.
 */
export async function removeStaleFile(
  path: string,
  options: { writtenBefore: Date; temporaryFolder: string; folders: DurableFolders },
): Promise<boolean> {
  const { writtenBefore, temporaryFolder, folders } = options;
  const isStale = async (file: string) => (await stat(file)).mtime < writtenBefore;
  try {
    if (!(await isStale(path))) return false;
    const aside = join(temporaryFolder, randomUUID());
    await folders.within(temporaryFolder, () => rename(path, aside));
    const stale = await isStale(aside);
    if (!stale) await link(aside, path).catch(ignoreWhereThere);
    await unlink(aside);
    return stale;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function emptyWhereAbsent(error: unknown): never[] {
  if (systemCode(error) === 'ENOENT') return [];
  throw error;
}

function ignoreWhereThere(error: unknown): void {
  if (systemCode(error) !== 'EEXIST') throw error;
}
