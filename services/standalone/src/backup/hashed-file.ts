import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface HashedFile {
  size: number;
  sha256: string;
}

/** What a stream passes on, counted and hashed. */
export function hashing(): { through: Transform; result(): HashedFile } {
  const hash = createHash('sha256');
  let size = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { through, result: () => ({ size, sha256: hash.digest('hex') }) };
}

/** Size and SHA-256 of a file; null where there is none, or where the disk cannot read it. */
export async function hashFile(file: string): Promise<HashedFile | null> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
      size += chunk.length;
      hash.update(chunk);
    }
  } catch (error) {
    return nullWhereAbsent(error);
  }
  return { size, sha256: hash.digest('hex') };
}

export async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(({ size }) => size, nullWhereAbsent);
}

/** How a file got to its place: `link` and `copy` tell whether its bytes were read; `damaged` that they are not those. */
export type Placed = 'link' | 'copy' | 'missing' | 'damaged';

/**
 * Puts a file with these bytes at `to`: as a second name of the same file where the file system has that, unless `copy` is
 * asked for; else as a copy, whose bytes are compared while they are read. A file appears at `to` whole or not at all.
 */
export async function placeFile(from: string, to: string, expected: HashedFile, copy: boolean): Promise<Placed> {
  await mkdir(path.dirname(to), { recursive: true });
  if (!copy) {
    const linked = await linkFile(from, to, expected.size);
    if (linked !== null) return linked;
  }
  const temporary = path.join(path.dirname(to), `.${randomUUID()}`);
  const { through, result } = hashing();
  try {
    await pipeline(createReadStream(from), through, createWriteStream(temporary, { mode: 0o640, flush: true }));
    const { size, sha256 } = result();
    if (size !== expected.size || sha256 !== expected.sha256) return 'damaged';
    await rename(temporary, to);
    return 'copy';
  } catch (error) {
    nullWhereAbsent(error);
    return 'missing';
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Null where there are no second names, or no more of them. */
async function linkFile(from: string, to: string, size: number): Promise<Placed | null> {
  try {
    if ((await stat(from)).size !== size) return 'damaged';
    await rm(to, { force: true });
    await link(from, to);
    return 'link';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'missing';
    if (code === 'EXDEV' || code === 'EPERM' || code === 'ENOTSUP' || code === 'EMLINK' || code === 'EACCES')
      return null;
    throw error;
  }
}

function nullWhereAbsent(error: unknown): null {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || (code === 'EIO' && syscall === 'read')) return null;
  throw error;
}
