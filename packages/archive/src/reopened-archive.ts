import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

/** A file of an archive as a reader that is not ours sees it. */
export interface ReopenedEntry {
  path: string;
  content: Buffer;
  modifiedAt: Date;
  /** Permission bits. */
  mode: number;
}

export interface ReopenedZipEntry extends ReopenedEntry {
  deflated: boolean;
}

const run = promisify(execFile);

/** Reads every entry of a ZIP file with yauzl, which checks sizes and names. */
export async function reopenZip(file: string): Promise<ReopenedZipEntry[]> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, strictFileNames: true }, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
  const entries: ReopenedZipEntry[] = [];
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: yauzl.Entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) {
          reject(error);
          return;
        }
        buffer(stream).then((content) => {
          entries.push({
            path: entry.fileName,
            content,
            modifiedAt: entry.getLastModDate({ timezone: 'UTC' }),
            mode: (entry.externalFileAttributes >>> 16) & 0o777,
            deflated: entry.compressionMethod === 8,
          });
          zip.readEntry();
        }, reject);
      });
    });
    zip.readEntry();
  });
}

/** Unpacks a tar file with the system's tar and reads what came out, in the order of the paths. */
export async function reopenTar(file: string): Promise<ReopenedEntry[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-untar-'));
  try {
    await run('tar', ['--extract', '--preserve-permissions', '--file', file, '--directory', folder]);
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return await Promise.all(
      paths.sort().map(async (path) => {
        const { mtime, mode } = await stat(path);
        return {
          path: relative(folder, path),
          content: await readFile(path),
          modifiedAt: mtime,
          mode: mode & 0o777,
        };
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Rejects with the program's output unless both programs read the whole ZIP file without complaint. */
export async function testWithOtherPrograms(file: string): Promise<void> {
  await run('unzip', ['-tqq', file]);
  await run('7z', ['t', '-bd', file], { maxBuffer: 64 * 1024 * 1024 });
}
