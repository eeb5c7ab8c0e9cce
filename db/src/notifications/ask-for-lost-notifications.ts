import { and, asc, eq, lt, sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { outbox } from '../schema/jobs.ts';
import { notifications, webhooks } from '../schema/notifications.ts';
import { notifyJob } from './insert-notifications.ts';

const owner = sql<string>`coalesce(${downloads.requesterId}, ${webhooks.userId})`;

/**
 * Asks again for the delivery of notifications that are overdue and that no outbox row stands for: the queue may have
 * lost their job, or a worker its life. In a transaction. Returns for how many.
 */
export async function askForLostNotifications(
  tx: Executor,
  { overdueSeconds, limit }: { overdueSeconds: number; limit: number },
): Promise<number> {
  const lost = await tx
    .select({ id: notifications.id, attempts: notifications.attempts, requesterId: owner })
    .from(notifications)
    .leftJoin(downloads, eq(downloads.id, notifications.downloadId))
    .leftJoin(webhooks, eq(webhooks.id, notifications.webhookId))
    .where(
      and(
        eq(notifications.state, 'pending'),
        lt(notifications.nextAttemptAt, sql`now() - ${overdueSeconds} * interval '1 second'`),
        sql`not exists (
          select from ${outbox} where ${outbox.payload} ->> 'notificationId' = ${notifications.id}::text
        )`,
      ),
    )
    .orderBy(asc(notifications.nextAttemptAt))
    .limit(limit);
  await addToOutbox(
    tx,
    lost.map(({ id, attempts, requesterId }) => notifyJob(id, attempts + 1, requesterId)),
  );
  return lost.length;
}
