import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import { writeWithArchiver } from '@sheaf/archive/write-with-archiver';
import { readVerified } from '@sheaf/storage/verified-read';
import { endUnfinished } from './end-unfinished.ts';
import type { PartToStore, StoredPart } from './part-to-store.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** Packs a part whose bytes are known only once they are written: a tar, a compressed tar or a deflated ZIP. */
export async function storeCompressed(
  { storage, logger }: Pick<WorkerDeps, 'storage' | 'logger'>,
  { objectKey, content, closing, request, signal, onProgress }: PartToStore,
): Promise<StoredPart> {
  const own = await closing();
  const writer = await storage.objects.create(objectKey);
  try {
    const { size, sha256, entries } = await writeWithArchiver({
      entries: inTurn(content, own),
      format: request.format,
      compression: request.compression,
      open: ({ blob }) => readVerified(storage.blobs, blob),
      sink: writer.stream,
      signal,
      onProgress: ({ entriesDone, bytesDone }) => onProgress({ entries: entriesDone, bytes: bytesDone }),
    });
    return { delivery: 'packed', bundleId: null, size, etag: `"${sha256}"`, sha256, entries, writer };
  } catch (error) {
    await endUnfinished({ storage, logger }, writer, signal);
    throw error;
  }
}

async function* inTurn(first: Iterable<ArchiveEntry>, second: Iterable<ArchiveEntry>) {
  yield* first;
  yield* second;
}
