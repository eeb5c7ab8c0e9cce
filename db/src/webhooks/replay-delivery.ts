import { AppError } from '@sheaf/domain/app-error';
import { and, eq, ne, sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import type { Executor } from '../database.ts';
import { notifyJob } from '../notifications/insert-notifications.ts';
import { notifications } from '../schema/notifications.ts';
import { type Delivery, deliveryColumns, isDelivery, withAttempts } from './delivery.ts';

/**
 * Sends a settled delivery once more, under the identity that it had. In a transaction. Throws `resource.not_found`
 * when the webhook has no such delivery, `resource.conflict` while it is still being delivered.
 */
export async function replayDelivery(
  tx: Executor,
  { webhookId, deliveryId, userId }: { webhookId: string; deliveryId: string; userId: string },
): Promise<Delivery> {
  const ofWebhook = and(eq(notifications.id, deliveryId), eq(notifications.webhookId, webhookId), isDelivery);
  const [row] = await tx
    .update(notifications)
    .set({ state: 'pending', deliveredAt: null, nextAttemptAt: sql`now()` })
    .where(and(ofWebhook, ne(notifications.state, 'pending')))
    .returning({ ...deliveryColumns, attempts: notifications.attempts });
  if (!row) {
    const known = await tx.select({ id: notifications.id }).from(notifications).where(ofWebhook);
    if (known.length > 0) throw new AppError('resource.conflict', 'This delivery is still on its way.');
    throw new AppError('resource.not_found', 'There is no such delivery.');
  }
  const { attempts, ...delivery } = row;
  await addToOutbox(tx, [notifyJob(deliveryId, attempts + 1, userId)]);
  return (await withAttempts(tx, [delivery]))[0]!;
}
