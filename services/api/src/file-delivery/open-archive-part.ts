import type { Readable } from 'node:stream';
import { pagedContent } from '@sheaf/archive/layout-pages';
import { readArchive } from '@sheaf/archive/read-archive';
import { listPageOffsets, loadBundlePage } from '@sheaf/db/bundles/load-bundle-pages';
import type { DeliveryPart } from '@sheaf/db/downloads/find-delivery';
import type { BundleFile } from '@sheaf/db/schema/bundles';
import { askToVerify } from '@sheaf/db/storage-care/ask-to-verify';
import { recordBlobFault } from '@sheaf/db/storage-care/record-blob-fault';
import { AppError } from '@sheaf/domain/app-error';
import type { BlobFault } from '@sheaf/domain/rendition';
import type { ByteRange } from '@sheaf/storage/blob-store';
import { faultOfError } from '@sheaf/storage/fault-of-error';
import { storedContent } from '@sheaf/storage/stored-content';
import type { FastifyBaseLogger } from 'fastify';
import type { ApiDeps } from '../api-deps.ts';

interface PartDeps extends Pick<ApiDeps, 'db' | 'storage' | 'clock'> {
  logger: Pick<FastifyBaseLogger, 'error'>;
}

/** With the path of the retry that makes its download's archives again. */
type StoredPart = DeliveryPart & { downloadId: string; retry: string };

type StreamedPart = DeliveryPart & { bundle: NonNullable<DeliveryPart['bundle']> };

/**
 * Bytes of a part, of its object or of the stored files that it is made of. The stream fails with `blob.missing` or
 * `blob.corrupt` where a stored file is not what was recorded, before the last byte of that file; the file is then
 * recorded as faulty, so that every later decision leaves it out. A range of a streamed
 * part lies either within its bundle's content or behind it.
 */
export async function openArchivePart(deps: PartDeps, part: DeliveryPart, range?: ByteRange): Promise<Readable> {
  if (part.bundle === null) return deps.storage.objects.read(part.objectKey, range);
  return openStreamed(deps, { ...part, bundle: part.bundle }, range ?? { start: 0, end: part.size - 1 }, (error) => {
    recordFault(deps, error).catch((err: unknown) => deps.logger.error({ err }, 'a faulty file could not be recorded'));
  });
}

async function openStreamed(
  { db: { orm: executor }, storage }: PartDeps,
  { bundle, objectKey }: StreamedPart,
  { start, end }: ByteRange,
  onFault: (error: unknown) => void,
): Promise<Readable> {
  const { id, contentSize } = bundle;
  if (start >= contentSize) {
    return storage.objects.read(objectKey, { start: start - contentSize, end: end - contentSize });
  }
  const offsets = await listPageOffsets(executor, id);
  if (offsets.length === 0) throw archiveGone();
  const content = pagedContent({
    size: contentSize,
    offsets,
    async load(number) {
      const files = await loadBundlePage(executor, id, number);
      if (files.length === 0) throw archiveGone();
      return files.map(toEntry);
    },
  });
  const source = storedContent(storage);
  const bytes = readArchive(content, source, { start, end }, { verify: true });
  bytes.once('error', onFault);
  return bytes;
}

async function recordFault({ db, logger, clock }: PartDeps, error: unknown): Promise<void> {
  const found = faultOfError(error);
  if (found === null) return;
  const isNew = await db.transaction((tx) => recordBlobFault(tx, { ...found, now: clock() }));
  if (isNew) logger.error({ err: error, ...found }, 'stored file is faulty');
}

function toEntry([path, sha256, size, crc32, modifiedAt]: BundleFile) {
  return { path, blob: { sha256, size, crc32 }, modifiedAt: new Date(modifiedAt * 1_000) };
}

/**
 * Before the first header, so that an object that is not there, or was found damaged, is an error instead of a broken
 * download. Throws `blob.missing`, with the `retry` that makes the archive again where that is known, and `blob.corrupt`.
 */
export async function assertStored({ db, storage, logger }: PartDeps, part: StoredPart): Promise<void> {
  if (part.delivery === 'streamed' && part.bundle === null) throw archiveGone();
  // A download manager that is told of a fault that stays as one that may pass tries again without end.
  if (part.fault !== null) throw archiveGone(faultTexts[part.fault], { retry: part.retry });
  const stored = await storage.objects.stat(part.objectKey);
  const size = part.size - (part.bundle?.contentSize ?? 0);
  if (stored?.size === size) return;
  // Not its fault yet: it may be its disk that is away, which is for the scrub to tell.
  await askToVerify(db.orm, part.downloadId, part.number).catch((err: unknown) =>
    logger.error({ err }, 'an archive that is not there could not be put down to be verified'),
  );
  if (stored === null) throw archiveGone();
  throw new AppError('blob.corrupt', 'The archive is damaged.');
}

const retryText = 'A retry of the download makes it again for whoever requested it.';

const faultTexts: Readonly<Record<BlobFault, string>> = {
  corrupt: `The archive was found damaged, and is sent to nobody. ${retryText}`,
  missing: `The archive is no longer there. ${retryText}`,
};

function archiveGone(why = 'The archive is no longer there.', detail?: { retry: string }): AppError {
  return new AppError('blob.missing', why, { detail });
}
