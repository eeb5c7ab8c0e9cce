import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './storage-error.ts';

/** Makes the folder's entries durable: a new name in it survives a power cut only after this. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function createDurably(folder: string): Promise<void> {
  const topmostCreated = await mkdir(folder, { recursive: true });
  if (topmostCreated === undefined) return;
  for (let created = folder; created.length >= topmostCreated.length; created = dirname(created)) {
    await syncFolder(dirname(created));
  }
}

/** Creates each folder once, and renames files into them so that both survive a power cut. */
export function createDurableFolders() {
  const ensured = new Map<string, Promise<void>>();

  function ensure(folder: string): Promise<void> {
    let creation = ensured.get(folder);
    if (creation === undefined) {
      creation = createDurably(folder);
      ensured.set(folder, creation);
      creation.catch(() => ensured.delete(folder));
    }
    return creation;
  }

  /** Runs an operation in a folder that exists, also when somebody has removed it since it was created. */
  async function within<T>(folder: string, operation: () => Promise<T>): Promise<T> {
    await ensure(folder);
    try {
      return await operation();
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      ensured.delete(folder);
      await ensure(folder);
      return operation();
    }
  }

  return {
    within,

    /** Moves a file that has been synced to its final name, replacing what is there. */
    async publish(from: string, to: string): Promise<void> {
      await within(dirname(to), () => rename(from, to));
      await syncFolder(dirname(to));
    },
  };
}

export type DurableFolders = ReturnType<typeof createDurableFolders>;
