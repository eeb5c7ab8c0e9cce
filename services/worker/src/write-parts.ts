import type { ArchiveEntry } from '@sheaf/archive/archive-entry';
import { type ArchiveProgress, type WrittenArchive, writeArchive } from '@sheaf/archive/write-archive';
import type { Claim } from '@sheaf/db/downloads/claim-download';
import type { Publication } from '@sheaf/db/downloads/publish-download';
import { readVerified } from '@sheaf/storage/verified-read';
import { partEntries } from './bundle-entries.ts';
import { archiveFiles, bundleFileName } from './bundle-file-name.ts';
import { bundleObjectKey } from './bundle-objects.ts';
import type { HeldClaim } from './hold-claim.ts';
import { ownEntries } from './own-entries.ts';
import type { BundlePlan } from './plan-bundle.ts';
import type { WorkerDeps } from './worker-deps.ts';

type WrittenPart = Publication['parts'][number];

/**
 * Writes and stores the archives of a frozen download, one after the other, and shows how far it is. Nobody can reach
 * them before they are published. Rejects as `writeArchive` and the storage do; parts stored by then stay.
 */
export async function writeParts(
  deps: WorkerDeps,
  claim: Claim,
  plan: BundlePlan,
  held: HeldClaim,
): Promise<WrittenPart[]> {
  const { downloadId, request } = claim;
  const { parts } = plan;
  const { extension, mediaType } = archiveFiles[request.format];
  const done = { entries: 0, bytes: 0 };
  const written: WrittenPart[] = [];
  for (const { number, entries, bytes } of parts) {
    const objectKey = bundleObjectKey(claim, number, extension);
    const archive = await storeArchive(deps, objectKey, {
      entries: inTurn(partEntries(deps.db.orm, downloadId, number), await ownEntries(deps, claim, plan, number)),
      format: request.format,
      compression: request.compression,
      signal: held.signal,
      // What is done of Sheaf's own files is not progress: nobody was told of them in the total.
      onProgress: ({ entriesDone, bytesDone }) =>
        held.show({
          entriesDone: done.entries + Math.min(entriesDone, entries),
          bytesDone: done.bytes + Math.min(bytesDone, bytes),
        }),
    });
    const fileName = bundleFileName(claim.name, request.format, { number, of: parts.length });
    written.push({ ...archive, number, objectKey, fileName, mediaType });
    done.entries += entries;
    done.bytes += bytes;
  }
  return written;
}

interface ArchiveToStore extends Pick<Claim['request'], 'format' | 'compression'> {
  entries: AsyncIterable<ArchiveEntry>;
  signal: AbortSignal;
  onProgress(progress: ArchiveProgress): void;
}

async function storeArchive(
  { storage, logger }: Pick<WorkerDeps, 'storage' | 'logger'>,
  objectKey: string,
  archive: ArchiveToStore,
): Promise<WrittenArchive> {
  const writer = await storage.objects.create(objectKey);
  try {
    const written = await writeArchive({
      ...archive,
      open: ({ blob }) => readVerified(storage.blobs, blob),
      sink: writer.stream,
    });
    archive.signal.throwIfAborted();
    await writer.commit();
    return written;
  } catch (error) {
    await writer.abort().catch((err: unknown) => logger.warn({ err, objectKey }, 'temporary file left to the sweep'));
    throw error;
  }
}

async function* inTurn(first: AsyncIterable<ArchiveEntry>, second: Iterable<ArchiveEntry>) {
  yield* first;
  yield* second;
}
