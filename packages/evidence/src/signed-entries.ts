import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import type { ExpectedFile } from './compare-files.ts';
import type { FoundFile, Stock } from './take-stock.ts';

/** These files as a writer is given them, each of which is in the archive and has been checked against what is signed. */
export function* signedEntries(expected: readonly ExpectedFile[], { files, own }: Stock): Generator<ArchiveEntry> {
  const found = new Map<string, FoundFile>(files.map((file) => [file.path, file]));
  for (const { path, modifiedAt } of expected) {
    const bytes = own.get(path);
    const { sha256, size, crc32 } = found.get(path)!;
    yield bytes === undefined ? { path, modifiedAt, blob: { sha256, size, crc32 } } : { path, modifiedAt, bytes };
  }
}
