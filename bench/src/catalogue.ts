import { ingestFile } from '@sheaf/ingest/ingest-file';
import type { BenchSystem } from './bench-system.ts';

/** Each waits for the disk most of the time. */
const sideBySide = 8;

/** Takes files into the catalogue as approved assets and gives their ids, in the order of the files. */
export async function addToCatalogue(
  { db, storage }: BenchSystem,
  folder: string,
  files: string[],
  extension = '.bin',
): Promise<string[]> {
  const ids: string[] = [];
  const waiting = files.entries();
  const take = async () => {
    for (const [i, path] of waiting) ids[i] = await add(i, path);
  };
  const add = async (i: number, path: string) => {
    const { assetId } = await ingestFile(
      { db, storage },
      {
        source: { path },
        fileName: `${i}${extension}`,
        folder,
        status: 'approved',
        createdBy: null,
        modifiedAt: new Date('2026-01-01T00:00:00Z'),
        onExisting: 'fail',
      },
    );
    return assetId;
  };
  await Promise.all(Array.from({ length: sideBySide }, take));
  return ids;
}
