import { findStrayObjects } from '@sheaf/db/doctor/find-stray-objects';
import { isStillPublished } from '@sheaf/db/doctor/is-still-published';
import { listPublishedObjects, type PublishedObject } from '@sheaf/db/doctor/list-published-objects';
import { readDatabaseTime } from '@sheaf/db/read-database-time';
import type { Installation } from '../open-installation.ts';

export interface ObjectGaps {
  /** Objects of ready downloads. */
  expected: number;
  /** Those that are not stored, or not with their size. */
  missing: PublishedObject[];
  /** Those that are stored with their size, and were found damaged when they were read. */
  damaged: PublishedObject[];
  /** Keys of stored objects that no download needs. */
  stray: string[];
}

const pageSize = 500;
/** A worker that was stopped for so long publishes nothing any more. */
const strayAfter = 60 * 60_000;

/**
 * Holds what is stored as published against what the database says. Reads no object's bytes. What is younger than
 * `strayAfterMs` is never taken for a stray: somebody may be about to publish it.
 */
export async function compareObjects(
  { db, storage }: Pick<Installation, 'db' | 'storage'>,
  { strayAfterMs = strayAfter } = {},
): Promise<ObjectGaps> {
  const gaps: ObjectGaps = { expected: 0, missing: [], damaged: [], stray: [] };
  let after: PublishedObject | null = null;
  do {
    const page: PublishedObject[] = await listPublishedObjects(db.orm, { after, limit: pageSize });
    after = page.at(-1) ?? null;
    gaps.expected += page.length;
    for (const object of page) {
      const isThere = (await storage.objects.stat(object.objectKey))?.size === object.size;
      if (isThere && object.fault !== 'corrupt') continue;
      // It may have ended, and been tidied up, or have been found whole, since the page was read.
      if (await isStillPublished(db.orm, object)) gaps[isThere ? 'damaged' : 'missing'].push(object);
    }
  } while (after !== null);

  let keys: string[] = [];
  // A clock that is ahead must make nothing older than it is.
  const before = Math.min(Date.now(), (await readDatabaseTime(db.orm)).getTime()) - strayAfterMs;
  for await (const { key, modifiedAt } of storage.objects.list()) {
    if (modifiedAt.getTime() >= before) continue;
    keys.push(key);
    if (keys.length < pageSize) continue;
    gaps.stray.push(...(await findStrayObjects(db.orm, keys)));
    keys = [];
  }
  gaps.stray.push(...(await findStrayObjects(db.orm, keys)));
  return gaps;
}
