import { type FileToIngest, type IngestDeps, type IngestedFile, ingestFile } from '../ingest-file.ts';

/** Adds a file of these bytes to the catalogue: an approved asset at the root, of which `options` may change everything. */
export function ingestBytes(
  { db, storage }: IngestDeps,
  fileName: string,
  bytes: Uint8Array,
  options: Partial<FileToIngest> = {},
): Promise<IngestedFile> {
  return ingestFile(
    { db, storage },
    {
      source: { stream: oneChunk(bytes) },
      fileName,
      folder: '',
      status: 'approved',
      createdBy: null,
      modifiedAt: new Date('2026-03-01T12:00:00Z'),
      onExisting: 'fail',
      ...options,
    },
  );
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
