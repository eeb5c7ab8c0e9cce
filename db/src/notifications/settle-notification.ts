import { and, eq, ne, sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import type { Executor } from '../database.ts';
import { notificationAttempts, notifications } from '../schema/notifications.ts';
import type { NotificationClaim } from './claim-notification.ts';
import { notifyJob } from './insert-notifications.ts';

/** How one attempt went. `retryInMs` null: it is the last one. */
export type AttemptResult =
  | { ok: true; status: number | null }
  | { ok: false; status: number | null; error: string; retryInMs: number | null };

/**
 * Records an attempt and what comes of it: delivered, tried again later, or failed for good. In a transaction. Where a
 * later attempt has begun meanwhile, only the record is written. What was given up while it arrived has arrived.
 */
export async function settleNotification(
  tx: Executor,
  { id, attempt, requesterId }: Pick<NotificationClaim, 'id' | 'attempt' | 'requesterId'>,
  result: AttemptResult,
  { durationMs, now }: { durationMs: number; now: Date },
): Promise<void> {
  const error = result.ok ? null : result.error;
  await tx.insert(notificationAttempts).values({
    notificationId: id,
    number: attempt,
    ok: result.ok,
    status: result.status,
    error,
    durationMs: Math.round(durationMs),
    at: now,
  });
  const retryInMs = result.ok ? null : result.retryInMs;
  const settled = await tx
    .update(notifications)
    .set({
      lastError: error,
      nextAttemptAt: retryInMs === null ? null : sql`now() + ${retryInMs} * interval '1 millisecond'`,
      ...(result.ok && { state: 'delivered' as const, deliveredAt: now }),
      ...(!result.ok && retryInMs === null && { state: 'failed' as const }),
    })
    .where(
      and(
        eq(notifications.id, id),
        result.ok ? ne(notifications.state, 'delivered') : eq(notifications.state, 'pending'),
        eq(notifications.attempts, attempt),
      ),
    )
    .returning({ id: notifications.id });
  if (settled.length === 0 || retryInMs === null) return;
  await addToOutbox(tx, [{ ...notifyJob(id, attempt + 1, requesterId), delayMs: retryInMs }]);
}
