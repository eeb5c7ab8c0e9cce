import { open } from 'node:fs/promises';
import type { BlobEntry } from '@sheaf/archive/archive-entry';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import { writeArchive } from '@sheaf/archive/write-archive';
import type { SampleEntry } from '../archive/sample-entries.ts';
import { contend } from '../measure.ts';

interface Input {
  /** Absolute path of a file with one entry as JSON a line. */
  entriesFile: string;
  target: string;
}

/**
 * Our own writer, from the recorded sizes and checksums to the whole archive: the layout is part of its time. The entries
 * come one by one, as they do from a database, so that the peak is the writer's and not that of one large message.
 */
contend(
  async ({ entries, files, target }) => {
    const source = {
      open: () => Promise.reject(new Error('Files are read without a stream.')),
      path: (sha256: string) => files.get(sha256)!,
    };
    await writeArchive(layoutArchive(entries), source, { path: target }, { signal: new AbortController().signal });
  },
  async ({ entriesFile, target }: Input) => {
    const modifiedAt = new Date('2026-01-01T00:00:00Z');
    const entries: BlobEntry[] = [];
    const files = new Map<string, string>();
    await using lines = await open(entriesFile);
    for await (const line of lines.readLines()) {
      const { path, file, blob } = JSON.parse(line) as SampleEntry;
      entries.push({ path, blob, modifiedAt });
      files.set(blob.sha256, file);
    }
    return { entries, files, target };
  },
);
