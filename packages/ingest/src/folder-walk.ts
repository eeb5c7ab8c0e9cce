import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { AppError } from '@sheaf/domain/app-error';

export interface FolderFile {
  /** As the file system has it; its bytes need not be UTF-8. */
  path: Buffer;
  /** Folder below the walked one, `/`-separated; empty for the walked one itself. */
  folder: string;
  fileName: string;
}

export interface FolderContent {
  files: FolderFile[];
  /** What is neither a file nor a folder: links, sockets, devices. `/`-separated, below the walked folder. */
  ignored: string[];
  /** Folders below the walked one that cannot be read, with the system's code. */
  unreadable: { path: string; systemErrorCode: string }[];
}

const slash = Buffer.from('/');

/**
 * All files below a folder, in the order of their names. What starts with a dot is left out. Links are never followed:
 * they could lead out of the folder, or in circles. Throws `input.invalid` where the folder itself cannot be read.
 */
export async function walkFolder(root: string, signal?: AbortSignal): Promise<FolderContent> {
  const content: FolderContent = { files: [], ignored: [], unreadable: [] };
  const walk = async (path: Buffer, folder: string): Promise<void> => {
    signal?.throwIfAborted();
    for (const entry of await entriesOf(path, folder, content)) {
      const fileName = entry.name.toString();
      if (fileName.startsWith('.')) continue;
      const below = folder === '' ? fileName : `${folder}/${fileName}`;
      const entryPath = Buffer.concat([path, slash, entry.name]);
      if (entry.isDirectory()) await walk(entryPath, below);
      else if (entry.isFile()) content.files.push({ path: entryPath, folder, fileName });
      else content.ignored.push(below);
    }
  };
  await walk(Buffer.from(root), '');
  return content;
}

async function entriesOf(path: Buffer, folder: string, content: FolderContent): Promise<Dirent<Buffer>[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true, encoding: 'buffer' });
    return entries.sort((a, b) => Buffer.compare(a.name, b.name));
  } catch (cause) {
    const systemErrorCode = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (folder === '') {
      throw new AppError('input.invalid', `The folder ${path.toString()} cannot be read: ${systemErrorCode}.`, {
        cause,
      });
    }
    content.unreadable.push({ path: folder, systemErrorCode });
    return [];
  }
}
