import type { BlobFault } from '@sheaf/domain/rendition';
import { and, eq, inArray, isNotNull, notInArray, sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import { appendAuditEvent } from '../audit/append-audit-event.ts';
import type { Executor } from '../database.ts';
import { insertNotifications, notifyJob } from '../notifications/insert-notifications.ts';
import { downloads } from '../schema/downloads.ts';
import { type DownloadEvent, notifications } from '../schema/notifications.ts';
import type { Gap, GapKind } from './find-gaps.ts';
import type { PublishedObject } from './list-published-objects.ts';

/** Of which gaps something can be done. The others need a person. */
export const mendedKinds: readonly GapKind[] = [
  'lease.misplaced',
  'bundle.incomplete',
  'link.missing',
  'notification.missing',
  'notification.unkept',
];

/**
 * Mends what can be mended, in a transaction: frees leases that nobody needs, tells who was not told, and ends downloads
 * that cannot be delivered as if their time were over, so that their requesters can ask for them again. Safe beside
 * running workers, and more than once. Returns how many gaps it was given that it knows how to mend.
 */
export async function repairGaps(tx: Executor, gaps: readonly Gap[], now: Date): Promise<number> {
  const of = (...kinds: GapKind[]) => gaps.filter(({ kind }) => kinds.includes(kind)).map((gap) => gap.downloadId);
  await freeLeases(tx, of('lease.misplaced'));
  const undeliverable: readonly GapKind[] = ['bundle.incomplete', 'link.missing'];
  await endUndeliverable(
    tx,
    gaps.filter(({ kind }) => undeliverable.includes(kind)),
    now,
  );
  await tellMissing(tx, of('notification.missing'), now);
  await tellAgain(tx, of('notification.unkept'));
  const mended = gaps.filter(({ kind }) => mendedKinds.includes(kind));
  if (mended.length > 0) {
    const kinds = Object.fromEntries(
      Map.groupBy(mended, ({ kind }) => kind)
        .entries()
        .map(([kind, all]) => [kind, all.length]),
    );
    await appendAuditEvent(tx, { at: now, action: 'installation.repaired', detail: { kinds } });
  }
  return mended.length;
}

async function freeLeases(tx: Executor, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(downloads)
    .set({ leaseUntil: null, workerId: null })
    .where(
      and(
        inArray(downloads.id, ids),
        isNotNull(downloads.leaseUntil),
        notInArray(downloads.state, ['gathering', 'packing']),
      ),
    );
}

/**
 * The sweep does the rest: it expires them, tells their requesters, and removes what is stored. One that was asked for again,
 * and made anew, since the gap was found is another one.
 */
async function endUndeliverable(tx: Executor, gaps: readonly Gap[], now: Date): Promise<void> {
  if (gaps.length === 0) return;
  const found = JSON.stringify(gaps.map(({ downloadId: id, epoch }) => ({ id, epoch })));
  const isAsFound = sql`(${downloads.id}, ${downloads.epoch}) in (
    select id, epoch from jsonb_to_recordset(${found}::jsonb) as found (id uuid, epoch int))`;
  await tx
    .update(downloads)
    .set(isOver(now))
    .where(and(eq(downloads.state, 'ready'), isAsFound));
}

/**
 * Ends a ready download whose stored object is gone or damaged as if its time were over, unless it has been made anew since. In a
 * transaction. False where there was nothing to end.
 */
export async function endDownloadWithoutObject(
  tx: Executor,
  { downloadId, objectKey }: Pick<PublishedObject, 'downloadId' | 'objectKey'>,
  { fault, now }: { fault: BlobFault; now: Date },
): Promise<boolean> {
  const isDeliveredFrom = sql`exists (
    select from bundle_parts p where p.download_id = ${downloadId} and p.object_key = ${objectKey})`;
  const ended = await tx
    .update(downloads)
    .set(isOver(now))
    .where(and(eq(downloads.id, downloadId), eq(downloads.state, 'ready'), isDeliveredFrom))
    .returning({ id: downloads.id });
  if (ended.length === 0) return false;
  await appendAuditEvent(tx, {
    at: now,
    action: 'installation.repaired',
    downloadId,
    detail: { kinds: { [`object.${fault}`]: 1 }, objectKey },
  });
  return true;
}

function isOver(now: Date) {
  return { expiresAt: sql`least(${downloads.expiresAt}, ${now.toISOString()}::timestamptz)` };
}

/** Whatever was told already is left as it is. */
async function tellMissing(tx: Executor, ids: string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  const ended = await tx
    .select({ downloadId: downloads.id, epoch: downloads.epoch, state: downloads.state })
    .from(downloads)
    .where(and(inArray(downloads.id, ids), inArray(downloads.state, ['ready', 'failed', 'cancelled'])));
  for (const { state, ...download } of ended) {
    await insertNotifications(tx, { ...download, event: `download.${state}` as DownloadEvent, now });
  }
}

async function tellAgain(tx: Executor, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const again = await tx
    .update(notifications)
    .set({ state: 'pending', nextAttemptAt: sql`now()`, deliveredAt: null })
    .where(
      and(
        inArray(notifications.downloadId, ids),
        eq(notifications.channel, 'inbox'),
        eq(notifications.state, 'delivered'),
        sql`not exists (select from inbox_items i where i.notification_id = ${notifications}.id)`,
      ),
    )
    .returning({ id: notifications.id, attempts: notifications.attempts });
  await addToOutbox(
    tx,
    again.map(({ id, attempts }) => notifyJob(id, attempts + 1, null)),
  );
}
