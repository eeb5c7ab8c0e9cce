import type { Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';
import { checkPdf } from '@sheaf/ingest/check-pdf';
import { discardBlob, keepWhole, recordBlob } from '@sheaf/ingest/record-blob';
import type { ApiDeps } from '../api-deps.ts';

/** Terms are text: a larger file is a mistake. */
const mostBytes = 50_000_000;

const signature = '%PDF-';

/** Bytes that are stored but not recorded yet. */
export interface StoredDocument {
  sha256: string;
  /** In the transaction that makes a licence refer to it. */
  record(tx: Executor): Promise<void>;
  /** Where nothing came of it. */
  discard(): Promise<void>;
}

/**
 * Stores a licence's PDF. Throws `upload.empty`, `upload.too_large`, and `upload.unreadable` for what is no PDF, or one
 * that nobody could open.
 */
export async function storeDocument(
  { db, storage }: Pick<ApiDeps, 'db' | 'storage'>,
  stream: AsyncIterable<Uint8Array>,
): Promise<StoredDocument> {
  const blob = await storage.blobs.put(withPdfHeader(stream), { maxBytes: mostBytes, keep: keepWhole(db) });
  const discard = () => discardBlob(db, storage, blob);
  try {
    await checkPdf(await storage.blobs.read(blob.sha256));
  } catch (error) {
    await discard().catch(() => {});
    throw error;
  }
  return { sha256: blob.sha256, record: (tx) => recordBlob(tx, storage, blob), discard };
}

/** Refuses what is plainly no PDF before all of it is stored. */
async function* withPdfHeader(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head = '';
  for await (const chunk of stream) {
    if (head.length < signature.length) {
      head += Buffer.from(chunk.subarray(0, signature.length - head.length)).toString('latin1');
      if (!signature.startsWith(head)) throw notPdf();
    }
    yield chunk;
  }
  if (head === '') throw new AppError('upload.empty', 'The document is empty.');
  if (head !== signature) throw notPdf();
}

function notPdf(): AppError {
  return new AppError('upload.unreadable', 'The document is not a PDF.');
}
