import { recordBlobFault } from '@sheaf/db/storage-care/record-blob-fault';
import { AppError } from '@sheaf/domain/app-error';
import { reasonText } from '@sheaf/domain/reason-text';
import type { ApiDeps } from '../api-deps.ts';

/**
 * Throws `blob.missing` or `blob.corrupt` where the store does not have a blob of that size, and records it as faulty,
 * so that it is offered to nobody until the bytes are there again.
 */
export async function checkStored(
  { db, storage, clock }: Pick<ApiDeps, 'db' | 'storage' | 'clock'>,
  { sha256, size }: { sha256: string; size: number },
): Promise<void> {
  const stored = await storage.blobs.stat(sha256);
  if (stored?.size === size) return;
  const fault = stored === null ? 'missing' : 'corrupt';
  await db.transaction((tx) => recordBlobFault(tx, { sha256, fault, now: clock() }));
  throw new AppError(`blob.${fault}`, reasonText[`blob.${fault}`]);
}
