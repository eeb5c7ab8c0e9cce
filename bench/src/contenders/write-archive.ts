import { layoutArchive } from '@sheaf/archive/layout-archive';
import { writeArchive } from '@sheaf/archive/write-archive';
import type { SampleEntry } from '../archive/sample-entries.ts';
import { contend } from '../measure.ts';

/** Our own writer, from the recorded sizes and checksums to the whole archive: the layout is part of its time. */
contend(async ({ entries, target }: { entries: SampleEntry[]; target: string }) => {
  const modifiedAt = new Date('2026-01-01T00:00:00Z');
  const files = new Map(entries.map(({ blob, file }) => [blob.sha256, file]));
  const layout = layoutArchive(entries.map(({ path, blob }) => ({ path, blob, modifiedAt })));
  const source = {
    open: () => Promise.reject(new Error('Files are read without a stream.')),
    path: (sha256: string) => files.get(sha256)!,
  };
  await writeArchive(layout, source, { path: target }, { signal: new AbortController().signal });
});
