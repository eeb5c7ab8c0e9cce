import { and, desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { notifications } from '../schema/notifications.ts';
import { type Delivery, deliveryColumns, isDelivery, withAttempts } from './delivery.ts';

/** What a webhook was sent or is to be sent, newest first. */
export async function listDeliveries(
  executor: Executor,
  webhookId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<Delivery>> {
  const rows = await executor
    .select(deliveryColumns)
    .from(notifications)
    .where(
      and(
        eq(notifications.webhookId, webhookId),
        isDelivery,
        after === undefined ? undefined : lt(notifications.id, after),
      ),
    )
    .orderBy(desc(notifications.id))
    .limit(limit + 1);
  const page = cutPage(rows, limit, (row) => row.id);
  return { items: await withAttempts(executor, page.items), nextCursor: page.nextCursor };
}
