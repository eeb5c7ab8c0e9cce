import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import { writeWithArchiver } from '@sheaf/archive/write-with-archiver';
import type { ExpectedFiles } from './compare-files.ts';
import type { Fault } from './fault.ts';
import type { OpenedArchive } from './open-archive.ts';
import { placeOf } from './place-of.ts';
import type { ReadFile } from './read-file.ts';
import { Difference, SameBytes } from './same-bytes.ts';
import { signedEntries } from './signed-entries.ts';
import type { Stock } from './take-stock.ts';

/**
 * Lays an archive of layout 1 out again, from what is signed and from content that has been checked against it, and
 * compares the outcome with the archive byte by byte: headers, times, order, padding, all of it. Only for what is not
 * compressed; of a tar.gz, for the tar within. Null where they are the same.
 */
export async function compareLayout(
  archive: OpenedArchive,
  expected: ExpectedFiles,
  stock: Stock,
): Promise<Fault | null> {
  const content = archive.files()[Symbol.asyncIterator]();
  try {
    await writeWithArchiver({
      entries: inTurn(signedEntries(expected.content, stock), signedEntries(expected.closing, stock)),
      open: ({ path }) => contentOf(content, path),
      sink: new SameBytes(archive.bytes()),
      format: archive.format === 'zip' ? 'zip' : 'tar',
      compression: 'store',
      signal: new AbortController().signal,
    });
    return null;
  } catch (error) {
    const message =
      error instanceof Difference
        ? `${placeOf(error.offset, archive, stock)} is not what Sheaf writes for these files.`
        : `The archive is not laid out as Sheaf does it: ${(error as Error).message}.`;
    return { code: 'layout.changed', path: null, message };
  } finally {
    await content.return?.();
  }
}

async function* inTurn(...lists: Iterable<ArchiveEntry>[]): AsyncGenerator<ArchiveEntry> {
  for (const list of lists) yield* list;
}

async function contentOf(files: AsyncIterator<ReadFile>, path: string): Promise<Readable> {
  while (true) {
    const next = await files.next();
    if (next.done) throw new Error(`${path} is not in its place`);
    if (next.value.path === path) return next.value.content;
    next.value.content.resume();
    await finished(next.value.content);
  }
}
