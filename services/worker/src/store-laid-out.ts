import { pipeline } from 'node:stream/promises';
import type { ArchiveLayout } from '@sheaf/archive/archive-layout';
import { readArchive } from '@sheaf/archive/read-archive';
import { verifiedPrefix } from '@sheaf/archive/verified-prefix';
import { writeArchive } from '@sheaf/archive/write-archive';
import type { ObjectWriter } from '@sheaf/storage/object-store';
import { storageError } from '@sheaf/storage/storage-error';
import { type StoredContent, storedContent } from '@sheaf/storage/stored-content';
import { endUnfinished } from './end-unfinished.ts';
import type { PartToStore } from './part-to-store.ts';
import type { WorkerDeps } from './worker-deps.ts';

interface LaidOutPart extends Pick<PartToStore, 'objectKey' | 'signal' | 'onProgress'> {
  delivery: 'streamed' | 'packed';
}

/**
 * Writes what an archive is delivered from beside the stored files: all of it, or where it is streamed, what follows its
 * content. Goes on with what a worker that was stopped left of the same archive.
 */
export async function storeLaidOut(
  { storage, logger }: Pick<WorkerDeps, 'storage' | 'logger'>,
  archive: ArchiveLayout,
  { objectKey, signal, delivery, onProgress }: LaidOutPart,
): Promise<ObjectWriter> {
  const content = storedContent(storage);
  const isTail = delivery === 'streamed';
  const writer = await storage.objects.create(objectKey, isTail ? {} : { identity: archive.etag.slice(1, -1) });
  try {
    if (isTail) await writeTail(archive, content, writer, signal);
    else await writeWhole(archive, content, writer, { signal, onProgress });
    return writer;
  } catch (error) {
    await endUnfinished({ storage, logger }, writer, signal);
    // The engine passes on what the system says of the file that it writes to.
    throw error instanceof Error && 'syscall' in error ? storageError(error) : error;
  }
}

async function writeTail(
  archive: ArchiveLayout,
  content: StoredContent,
  writer: ObjectWriter,
  signal: AbortSignal,
): Promise<void> {
  const range = { start: archive.closingOffset, end: archive.size - 1 };
  await pipeline(readArchive(archive, content, range, { signal, verify: true }), writer.stream, { signal });
}

async function writeWhole(
  archive: ArchiveLayout,
  content: StoredContent,
  { temporaryPath: path, stream }: ObjectWriter,
  { signal, onProgress }: Pick<LaidOutPart, 'signal' | 'onProgress'>,
): Promise<void> {
  // What a stopped worker left is held against the layout, whoever wrote it.
  const from = path === null ? 0 : await verifiedPrefix(archive, path, signal, content.stallLimit);
  await writeArchive(archive, content, path === null ? stream : { path }, {
    signal,
    from,
    onProgress: ({ bytesDone }) => onProgress({ entries: archive.entriesBefore(bytesDone), bytes: bytesDone }),
  });
}
