import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import type { Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';
import { reasonText } from '@sheaf/domain/reason-text';
import type { Storage } from '@sheaf/storage/file-storage';

/**
 * Throws `blob.missing` or `blob.corrupt` where the store does not have a blob of that size, and records it as faulty,
 * so that it is offered to nobody until the bytes are there again.
 */
export async function checkStored(
  { executor, storage }: { executor: Executor; storage: Pick<Storage, 'blobs'> },
  { sha256, size }: { sha256: string; size: number },
): Promise<void> {
  const stored = await storage.blobs.stat(sha256);
  if (stored?.size === size) return;
  const fault = stored === null ? 'missing' : 'corrupt';
  await markBlobFault(executor, sha256, fault);
  throw new AppError(`blob.${fault}`, reasonText[`blob.${fault}`]);
}
