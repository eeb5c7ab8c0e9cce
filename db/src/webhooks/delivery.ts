import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type DownloadEvent, notificationAttempts, notifications } from '../schema/notifications.ts';

export interface DeliveryAttempt {
  number: number;
  ok: boolean;
  status: number | null;
  error: string | null;
  durationMs: number;
  at: Date;
}

/** One event for one webhook: a notification with its attempts, the first one first. */
export interface Delivery {
  id: string;
  event: DownloadEvent;
  downloadId: string;
  state: 'pending' | 'delivered' | 'failed';
  attempts: DeliveryAttempt[];
  createdAt: Date;
  deliveredAt: Date | null;
  nextAttemptAt: Date | null;
}

/** Calls of webhooks are about downloads; what is told of a webhook itself goes to its owner by other channels. */
export const isDelivery = eq(notifications.channel, 'webhook');

export const deliveryColumns = {
  id: notifications.id,
  event: sql<DownloadEvent>`${notifications.event}`,
  downloadId: sql<string>`${notifications.downloadId}`,
  state: notifications.state,
  createdAt: notifications.createdAt,
  deliveredAt: notifications.deliveredAt,
  nextAttemptAt: notifications.nextAttemptAt,
};

/** Adds the attempts to rows of `deliveryColumns`, in one statement. */
export async function withAttempts(executor: Executor, rows: Omit<Delivery, 'attempts'>[]): Promise<Delivery[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const attempts = await executor
    .select()
    .from(notificationAttempts)
    .where(inArray(notificationAttempts.notificationId, ids))
    .orderBy(asc(notificationAttempts.id));
  const byDelivery = Map.groupBy(attempts, (attempt) => attempt.notificationId);
  return rows.map((row) => ({ ...row, attempts: byDelivery.get(row.id) ?? [] }));
}
