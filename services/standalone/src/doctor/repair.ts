import { askForLostBulkActions } from '@sheaf/db/bulk-actions/tidy-bulk-actions';
import type { Executor } from '@sheaf/db/database';
import { findGaps, type Gap } from '@sheaf/db/doctor/find-gaps';
import { repairGaps } from '@sheaf/db/doctor/repair-gaps';
import { askForWaiting } from '@sheaf/db/downloads/ask-for-waiting';
import { recoverLostClaims } from '@sheaf/db/downloads/recover-lost-claims';
import { askForLostNotifications } from '@sheaf/db/notifications/ask-for-lost-notifications';
import { askForLostRenders } from '@sheaf/db/outbox/ask-for-lost-renders';
import { askForLostDerivatives } from '@sheaf/db/presets/ask-for-lost-derivatives';
import type { Installation } from '../open-installation.ts';
import { compareObjects } from './compare-objects.ts';

/** Rows of each sort in one transaction; it goes on until there are fewer. */
const limit = 500;
const dayMs = 24 * 60 * 60_000;

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
  now = new Date(),
): Promise<void> {
  const { db, storage } = installation;
  const { missing, stray } = await compareObjects(installation);
  const undeliverable = missing.map(
    ({ downloadId, objectKey }): Gap => ({ kind: 'bundle.incomplete', downloadId, detail: objectKey }),
  );
  const mended = await db.transaction(async (tx) =>
    repairGaps(tx, [...(await findGaps(tx, { limit: 10_000 })), ...undeliverable], now),
  );
  if (mended > 0) show(`${mended} gaps between the records`);

  for (const [what, ask] of lost) {
    let total = 0;
    let asked: number;
    do {
      asked = await db.transaction((tx) => ask(tx, now));
      total += asked;
    } while (asked >= limit);
    if (total > 0) show(`${total} ${what} asked for again`);
  }

  for (const key of stray) await storage.objects.remove(key);
  if (stray.length > 0) show(`${stray.length} stored objects that nothing needs removed`);
  const unfinished = await storage.objects.sweepTemporary(new Date(now.getTime() - dayMs));
  if (unfinished > 0) show(`${unfinished} files of crashed writers removed`);
}

function sum({ asked, failed }: { asked: number; failed: number }): number {
  return asked + failed;
}
