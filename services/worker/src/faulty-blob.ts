import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { recordBlobFault } from '@sheaf/db/storage-care/record-blob-fault';
import type { BlobFault } from '@sheaf/domain/rendition';
import { faultOfError } from '@sheaf/storage/fault-of-error';
import type { WorkerDeps } from './worker-deps.ts';

type FaultDeps = Pick<WorkerDeps, 'db' | 'logger' | 'clock'>;

/** Sets a stored file aside, whoever finds that it is faulty: audited, counted and told once. */
export async function setAside(
  { db, logger, clock }: FaultDeps,
  { sha256, fault }: { sha256: string; fault: BlobFault },
): Promise<void> {
  const isNew = await db.transaction((tx) => recordBlobFault(tx, { sha256, fault, now: clock() }));
  if (isNew) logger.error({ sha256, fault }, 'stored file is faulty');
}

/** Records which stored file made reading fail. False when the error says nothing of the kind. */
export async function recordFaultyBlob(deps: FaultDeps, error: unknown): Promise<boolean> {
  const found = faultOfError(error);
  if (found === null || (await findBlob(deps.db.orm, found.sha256)) === null) return false;
  await setAside(deps, found);
  return true;
}
