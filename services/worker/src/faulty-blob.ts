import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { AppError } from '@sheaf/domain/app-error';
import type { WorkerDeps } from './worker-deps.ts';

/** Records which stored file made reading fail. False when the error says nothing of the kind. */
export async function recordFaultyBlob(
  { db, logger }: Pick<WorkerDeps, 'db' | 'logger'>,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof AppError) || (error.code !== 'blob.missing' && error.code !== 'blob.corrupt')) return false;
  const { sha256 } = error.detail;
  if (typeof sha256 !== 'string' || (await findBlob(db.orm, sha256)) === null) return false;
  const fault = error.code === 'blob.missing' ? 'missing' : 'corrupt';
  logger.error({ sha256, fault }, 'stored file is faulty');
  await markBlobFault(db.orm, sha256, fault);
  return true;
}
