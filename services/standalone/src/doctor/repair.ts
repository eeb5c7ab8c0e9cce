import { askForLostBulkActions } from '@sheaf/db/bulk-actions/tidy-bulk-actions';
import type { Executor } from '@sheaf/db/database';
import { findGaps } from '@sheaf/db/doctor/find-gaps';
import type { PublishedObject } from '@sheaf/db/doctor/list-published-objects';
import { endDownloadWithoutObject, repairGaps } from '@sheaf/db/doctor/repair-gaps';
import { askForWaiting } from '@sheaf/db/downloads/ask-for-waiting';
import { recoverLostClaims } from '@sheaf/db/downloads/recover-lost-claims';
import { askForLostNotifications } from '@sheaf/db/notifications/ask-for-lost-notifications';
import { askForLostRenders } from '@sheaf/db/outbox/ask-for-lost-renders';
import { askForLostDerivatives } from '@sheaf/db/presets/ask-for-lost-derivatives';
import { readDatabaseTime } from '@sheaf/db/read-database-time';
import type { BlobFault } from '@sheaf/domain/rendition';
import type { Installation } from '../open-installation.ts';
import { compareObjects } from './compare-objects.ts';

/** Rows of each sort; the sweep goes on with the rest. */
const limit = 500;
const dayMs = 24 * 60 * 60_000;
/** More missing objects than these, or damaged ones, and it is rather their disk that is missing or fails. */
const fewObjects = 10;
const fewShare = 0.05;

/** What the sweep does within a minute or two, at once: asks again for whatever nobody does. */
const lost: readonly [what: string, ask: (tx: Executor, now: Date) => Promise<number>][] = [
  ['downloads of lost workers', async (tx, now) => sum(await recoverLostClaims(tx, { now, limit }))],
  ['downloads that nobody holds', (tx) => askForWaiting(tx, { olderThanSeconds: 0, limit })],
  ['notifications', (tx) => askForLostNotifications(tx, { overdueSeconds: 0, limit })],
  ['renderings', (tx, before) => askForLostRenders(tx, { before, limit })],
  ['renditions on demand', (tx, before) => askForLostDerivatives(tx, { before, limit })],
  ['bulk actions', (tx) => askForLostBulkActions(tx, limit)],
];

/**
 * Mends what `recordChecks` finds, as far as it can be mended, and says so line by line. What it does beside a running
 * service is what the service itself would do: it may be called at any time, and again.
 */
export async function repair(
  installation: Pick<Installation, 'db' | 'storage'>,
  show: (line: string) => void,
  time?: Date,
): Promise<void> {
  const { db, storage } = installation;
  // Not this machine's, whose clock may be wrong: downloads are ended as of now, and then.
  const now = time ?? (await readDatabaseTime(db.orm));
  const { expected, missing, damaged, stray } = await compareObjects(installation);
  const mended = await db.transaction(async (tx) => repairGaps(tx, await findGaps(tx, { limit: 10_000 }), now));
  if (mended > 0) show(`${mended} gaps between the records`);

  const few = Math.max(fewObjects, expected * fewShare);
  if (missing.length > 0 && (missing.length === expected || missing.length > few)) {
    show(`nothing for ${missing.length} of ${expected} objects that are missing: is their disk there?`);
  } else {
    await endAll(missing, 'missing');
  }
  // Where the only one is damaged its disk is there all the same.
  if (damaged.length > few)
    show(`nothing for ${damaged.length} of ${expected} objects that are damaged: is their disk whole?`);
  else await endAll(damaged, 'corrupt');

  async function endAll(objects: readonly PublishedObject[], fault: BlobFault): Promise<void> {
    let ended = 0;
    for (const object of objects) {
      if (await db.transaction((tx) => endDownloadWithoutObject(tx, object, { fault, now }))) ended += 1;
    }
    if (ended > 0) show(`${ended} downloads ended whose archive is ${fault === 'missing' ? 'gone' : 'damaged'}`);
  }

  for (const [what, ask] of lost) {
    const asked = await db.transaction((tx) => ask(tx, now));
    const more = asked < limit ? '' : ', and more by the next sweeps';
    if (asked > 0) show(`${asked} ${what} asked for again${more}`);
  }

  if (stray.length > 0 && missing.length === expected) {
    show(`nothing for ${stray.length} objects that are left over: this database knows none that are stored`);
  } else if (stray.length > 0) {
    for (const key of stray) await storage.objects.remove(key);
    show(`${stray.length} stored objects that nothing needs removed`);
  }
  const unfinished = await storage.objects.sweepTemporary(new Date(now.getTime() - dayMs));
  if (unfinished > 0) show(`${unfinished} files of crashed writers removed`);
}

function sum({ asked, failed }: { asked: number; failed: number }): number {
  return asked + failed;
}
