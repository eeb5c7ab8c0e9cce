import { and, desc, eq, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { downloads } from '../schema/downloads.ts';
import { keptMails, notifications, webhooks } from '../schema/notifications.ts';

export interface KeptMail {
  id: string;
  to: string;
  subject: string;
  sealedText: Buffer;
  sealedHtml: Buffer;
  createdAt: Date;
}

/**
 * Messages that were kept for want of a mail server: those to the user, and those about the user's
 * downloads and webhooks.
 */
export async function listKeptMails(
  executor: Executor,
  user: { id: string; email: string },
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<KeptMail>> {
  const rows = await executor
    .select({
      id: keptMails.notificationId,
      to: keptMails.toAddress,
      subject: keptMails.subject,
      sealedText: keptMails.sealedText,
      sealedHtml: keptMails.sealedHtml,
      createdAt: keptMails.createdAt,
    })
    .from(keptMails)
    .innerJoin(notifications, eq(notifications.id, keptMails.notificationId))
    .leftJoin(downloads, eq(downloads.id, notifications.downloadId))
    .leftJoin(webhooks, eq(webhooks.id, notifications.webhookId))
    .where(
      and(
        or(
          eq(downloads.requesterId, user.id),
          eq(webhooks.userId, user.id),
          eq(sql`lower(${keptMails.toAddress})`, user.email.toLowerCase()),
        ),
        after === undefined ? undefined : lt(keptMails.notificationId, after),
      ),
    )
    .orderBy(desc(keptMails.notificationId))
    .limit(limit + 1);
  return cutPage(rows, limit, (row) => row.id);
}
