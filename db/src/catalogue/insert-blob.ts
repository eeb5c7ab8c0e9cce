import type { BlobFacts } from '@sheaf/domain/rendition';
import { eq, isNotNull, type SQL } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';

export interface BlobToRecord extends Omit<BlobFacts, 'fault'> {
  /** Whether the bytes were just written, rather than found. */
  created?: boolean;
}

/**
 * Records bytes that are safely stored. Bytes that were known before stay as recorded. A fault is lifted where it no
 * longer holds: a missing blob is there again, and a damaged one has been written anew.
 */
export async function insertBlobs(executor: Executor, added: readonly BlobToRecord[]): Promise<void> {
  const written = added.filter(({ created }) => created === true);
  const found = added.filter(({ created }) => created !== true);
  await insert(executor, written, isNotNull(blobs.fault));
  await insert(executor, found, eq(blobs.fault, 'missing'));
}

/** `insertBlobs` for one. */
export async function insertBlob(executor: Executor, blob: BlobToRecord): Promise<void> {
  await insertBlobs(executor, [blob]);
}

async function insert(executor: Executor, added: readonly BlobToRecord[], lifted: SQL): Promise<void> {
  // Two renditions may have the same bytes; a statement must not meet a row twice.
  const unique = [...new Map(added.map(({ sha256, size, crc32 }) => [sha256, { sha256, size, crc32 }])).values()];
  if (unique.length === 0) return;
  await executor
    .insert(blobs)
    .values(unique)
    .onConflictDoUpdate({ target: blobs.sha256, set: { fault: null }, setWhere: lifted });
}
