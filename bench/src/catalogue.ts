import { ingestFile } from '@sheaf/ingest/ingest-file';
import type { BenchSystem } from './bench-system.ts';

/** Takes files into the catalogue as approved assets and gives their ids, in the order of the files. */
export async function addToCatalogue({ db, storage }: BenchSystem, folder: string, files: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [i, path] of files.entries()) {
    const { assetId } = await ingestFile(
      { db, storage },
      {
        source: { path },
        fileName: `${i}.bin`,
        folder,
        status: 'approved',
        createdBy: null,
        modifiedAt: new Date('2026-01-01T00:00:00Z'),
        onExisting: 'fail',
      },
    );
    ids.push(assetId);
  }
  return ids;
}
