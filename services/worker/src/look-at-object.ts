import type { PublishedObject } from '@sheaf/db/doctor/list-published-objects';
import { listSomeObjects } from '@sheaf/db/storage-care/list-some-objects';
import { recordObjectVerified } from '@sheaf/db/storage-care/record-object-verified';
import type { BlobFault } from '@sheaf/domain/rendition';
import { verifyObject } from '@sheaf/storage/verify-object';
import { storageAnswers } from './storage-answers.ts';
import type { WorkerDeps } from './worker-deps.ts';

type ObjectDeps = Pick<WorkerDeps, 'db' | 'storage' | 'logger' | 'clock' | 'settings'>;

interface Reading {
  signal: AbortSignal;
  pace(bytes: number): Promise<void>;
}

/** What looking at one counts as. */
const openingBytes = 64 * 1024;
/** Others that are looked at before one is said to be missing or damaged. */
const sample = 20;

/**
 * Looks at what is stored of a ready download: at what has a recorded SHA-256 to the last byte, at the rest by its size.
 * What is wrong is recorded, and right again when it is. Rejects where the storage seems to be at fault and not the
 * object, with nothing recorded of it.
 */
export async function lookAtObject(
  deps: ObjectDeps,
  object: PublishedObject,
  { signal, pace }: Reading,
): Promise<void> {
  const { db, storage, logger, clock, settings } = deps;
  const fault = await verifyObject(storage.objects, object, { signal, pace });
  if (fault !== null && object.fault === null) await assertOthersAreThere(deps, object);
  const found = { fault, days: settings.SCRUB_DAYS, now: clock() };
  const isNew = await db.transaction((tx) => recordObjectVerified(tx, object, found));
  if (isNew) tell(logger, object, fault);
  await pace(openingBytes);
}

function tell(logger: ObjectDeps['logger'], object: PublishedObject, fault: BlobFault | null): void {
  const { downloadId, number, objectKey } = object;
  if (fault === null) logger.info({ downloadId, number, objectKey }, 'archive is whole again');
  else logger.error({ downloadId, number, objectKey, fault }, 'archive is faulty');
}

/** Half of some others have to be there with their size: else it is their storage that is away. */
async function assertOthersAreThere(deps: ObjectDeps, { objectKey: key }: PublishedObject): Promise<void> {
  const { db, storage } = deps;
  const others = await listSomeObjects(db.orm, { except: key, limit: sample });
  const stored = await Promise.all(
    others.map(async ({ objectKey, size }) => (await storage.objects.stat(objectKey))?.size === size),
  );
  const areThere = stored.filter(Boolean).length >= others.length / 2;
  if (!areThere || !(await storageAnswers(deps, [])))
    throw new Error('The stored archives seem to be away as a whole.');
}
