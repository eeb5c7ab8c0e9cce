import { open } from 'node:fs/promises';
import type { ArchiveLayout } from '@sheaf/archive/archive-layout';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import type { ExpectedFiles } from './compare-files.ts';
import type { Fault } from './fault.ts';
import { FileWindow } from './file-window.ts';
import type { OpenedArchive } from './open-archive.ts';
import { placeOf } from './place-of.ts';
import { signedEntries } from './signed-entries.ts';
import type { Stock } from './take-stock.ts';

/**
 * Lays a stored ZIP of layout 2 out again, from what is signed and from content that has been checked against it, and
 * compares every byte of the file but that content, which has to lie just where it was read. Null where all is the same.
 */
export async function compareSegments(
  archive: Pick<OpenedArchive, 'file' | 'format'>,
  expected: ExpectedFiles,
  stock: Stock,
): Promise<Fault | null> {
  const fault = (message: string): Fault => ({ code: 'layout.changed', path: null, message });
  let layout: ArchiveLayout;
  try {
    const closing = [...signedEntries(expected.closing, stock)];
    layout = layoutArchive(signedEntries(expected.content, stock), { closing });
  } catch (error) {
    return fault(`The archive is not laid out as Sheaf does it: ${(error as Error).message}`);
  }
  const handle = await open(archive.file, 'r');
  try {
    const offset = await findDifference(layout, new FileWindow(handle, windowBytes), stock);
    if (offset !== null) return fault(`${placeOf(offset, archive, stock)} is not what Sheaf writes for these files.`);
    const { size } = await handle.stat();
    return size === layout.size
      ? null
      : fault(`Something follows the end of the archive, from byte ${layout.size} on.`);
  } finally {
    await handle.close();
  }
}

/** Where the first byte lies that is not what it should be. */
async function findDifference(layout: ArchiveLayout, file: FileWindow, { files }: Stock): Promise<number | null> {
  const contentOffsets = new Map(files.map(({ path, contentOffset }) => [path, contentOffset]));
  for (const segment of layout.segments(0)) {
    const { start } = segment;
    if ('blob' in segment) {
      if (contentOffsets.get(segment.path) !== start) return start;
    } else {
      const offset = await firstDifference(segment.bytes, start, file);
      if (offset !== null) return offset;
    }
  }
  return null;
}

/** Small files lie side by side, so one read serves the headers of several. */
const windowBytes = 16 * 1024;

/** Where the first byte lies in the file that is another than in `bytes`, which are to be at `start`; null for none. */
async function firstDifference(bytes: Uint8Array, start: number, file: FileWindow): Promise<number | null> {
  for (let done = 0; done < bytes.length; ) {
    const theirs = await file.read(start + done, Math.min(windowBytes, bytes.length - done));
    const mine = bytes.subarray(done, done + theirs.length);
    if (theirs.length === 0) return start + done;
    if (!theirs.equals(mine)) return start + done + theirs.findIndex((byte, at) => byte !== mine[at]);
    done += theirs.length;
  }
  return null;
}
