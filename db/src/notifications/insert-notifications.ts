import { and, arrayContains, eq, isNull, sql } from 'drizzle-orm';
import { addToOutbox, type OutboxRow } from '../add-to-outbox.ts';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { newId } from '../schema/columns.ts';
import { downloads } from '../schema/downloads.ts';
import { type DownloadEvent, notifications, webhooks } from '../schema/notifications.ts';

export interface NotificationsOfEvent {
  downloadId: string;
  /** The download's at the event: a retried download may become ready a second time, and says so again. */
  epoch: number;
  event: DownloadEvent;
  now: Date;
}

/** Whoever cancels knows it, and an archive's end was announced with its link: neither is worth an email. */
const emailedEvents: readonly DownloadEvent[] = ['download.ready', 'download.failed'];

type Recipient = Pick<typeof notifications.$inferInsert, 'channel' | 'recipient' | 'webhookId'>;

/**
 * Writes the notifications of one event, and asks for the jobs that deliver them. In the transaction of the event
 * itself; a second call for the same event adds nothing.
 *
 * - inbox: the requester, always;
 * - email, for `download.ready` and `download.failed`: the requester where the request wants it, or says nothing and the
 *   requester's preferences want it, and each address of `notify.to`;
 * - webhooks: each enabled one of the requester that wants the event.
 *
 * A disabled requester's links are dead, so nothing but the inbox is told.
 */
export async function insertNotifications(
  tx: Executor,
  { downloadId, epoch, event, now }: NotificationsOfEvent,
): Promise<void> {
  const [owner] = await tx
    .select({
      id: users.id,
      email: users.email,
      emailNotifications: users.emailNotifications,
      disabledAt: users.disabledAt,
      request: downloads.request,
    })
    .from(downloads)
    .innerJoin(users, eq(users.id, downloads.requesterId))
    .where(eq(downloads.id, downloadId));
  if (owner === undefined) return;

  const recipients: Recipient[] = [{ channel: 'inbox', recipient: owner.id }];
  const { notify } = owner.request;
  if (owner.disabledAt === null) {
    if (emailedEvents.includes(event)) {
      const own = (notify.email ?? owner.emailNotifications) ? [owner.email] : [];
      recipients.push(...emailRecipients([...own, ...notify.to]));
    }
    recipients.push(...(await webhookRecipients(tx, owner.id, event)));
  }

  const written = await tx
    .insert(notifications)
    .values(
      recipients.map((recipient) => ({
        ...recipient,
        id: newId(),
        downloadId,
        event,
        epoch,
        createdAt: now,
        nextAttemptAt: sql`now()`,
      })),
    )
    .onConflictDoNothing()
    .returning({ id: notifications.id });
  await addToOutbox(
    tx,
    written.map(({ id }) => notifyJob(id, 1, owner.id)),
  );
}

/** The job of a notification's attempt of that number, from 1. */
export function notifyJob(notificationId: string, attempt: number, requesterId: string | null): OutboxRow {
  return { job: 'notify', jobId: `notify-${notificationId}-${attempt}`, payload: { notificationId }, requesterId };
}

/** One message an address, also where addresses differ by case only. */
function emailRecipients(addresses: readonly string[]): Recipient[] {
  const byFolded = new Map<string, string>();
  for (const address of addresses) {
    const folded = address.toLowerCase();
    if (!byFolded.has(folded)) byFolded.set(folded, address);
  }
  return [...byFolded.values()].map((recipient) => ({ channel: 'email', recipient }));
}

async function webhookRecipients(tx: Executor, userId: string, event: DownloadEvent): Promise<Recipient[]> {
  const wanted = await tx
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.userId, userId),
        eq(webhooks.enabled, true),
        isNull(webhooks.deletedAt),
        arrayContains(webhooks.events, [event]),
      ),
    );
  return wanted.map(({ id }) => ({ channel: 'webhook', recipient: id, webhookId: id }));
}
