import { opendir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { backedUpFiles } from './check-backup.ts';
import type { Manifest } from './manifest.ts';

/** Removes what only earlier backups name. The names are looked up on disk: there may be millions. */
export async function removeOlder(folder: string, manifest: Manifest): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('snapshot-') && name !== manifest.snapshot) {
      await rm(path.join(folder, name), { recursive: true });
    }
  }
  // Without a name it is a file that goes away with it.
  const database = new DatabaseSync('');
  try {
    database.exec('pragma journal_mode = off; create table kept (name text primary key) without rowid; begin');
    const keep = database.prepare('insert or ignore into kept values (?)');
    for await (const { to } of backedUpFiles(folder, manifest)) keep.run(to);
    const find = database.prepare('select 1 from kept where name = ?');
    for (const name of ['blobs', 'objects']) {
      for await (const file of filesBelow(path.join(folder, name))) {
        if (find.get(path.relative(folder, file)) === undefined) await rm(file);
      }
    }
  } finally {
    database.close();
  }
}

/** One after the other: a list of them all has no place in memory. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await opendir(folder).catch(nullWhereAbsent);
  if (entries === null) return;
  for await (const entry of entries) {
    const found = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(found);
    else if (entry.isFile()) yield found;
  }
}

function nullWhereAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
