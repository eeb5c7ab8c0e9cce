import { and, desc, eq, gt, isNull, lt, ne, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { users } from '../schema/auth.ts';
import { downloads } from '../schema/downloads.ts';
import { notifications } from '../schema/notifications.ts';
import type { DownloadView } from './download-view.ts';
import { loadDownloadViews } from './load-download-views.ts';

export interface SharedDownload {
  /** Of the message that told of it, the latest. */
  id: string;
  sharedAt: Date;
  /** Whether the account of whoever shares it was disabled, which ends its links. */
  ownerDisabled: boolean;
  download: DownloadView;
}

/**
 * Other people's downloads whose link was sent to the user's own address, newest first, each once. What an address that
 * nobody has confirmed was sent is not shown to whoever claims it.
 */
export async function listSharedDownloads(
  executor: Executor,
  userId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<SharedDownload>> {
  const later = alias(notifications, 'later');
  const owner = alias(users, 'owner');
  const toUser = (sent: typeof notifications | typeof later) =>
    and(
      // In the words of the partial index.
      sql`lower(${sent.recipient}) = lower(${users.email})`,
      sql`${sent.channel} = 'email' and ${sent.event} = 'download.ready'`,
    );
  const rows = await executor
    .select({
      id: notifications.id,
      downloadId: downloads.id,
      sharedAt: notifications.createdAt,
      ownerDisabledAt: owner.disabledAt,
    })
    .from(users)
    .innerJoin(notifications, toUser(notifications))
    .innerJoin(downloads, eq(downloads.id, notifications.downloadId))
    .innerJoin(owner, eq(owner.id, downloads.requesterId))
    .where(
      and(
        eq(users.id, userId),
        eq(users.emailVerified, true),
        isNull(users.disabledAt),
        ne(downloads.requesterId, userId),
        after === undefined ? undefined : lt(notifications.id, after),
        notExists(
          executor
            .select({ id: later.id })
            .from(later)
            .where(and(eq(later.downloadId, notifications.downloadId), gt(later.id, notifications.id), toUser(later))),
        ),
      ),
    )
    .orderBy(desc(notifications.id))
    .limit(limit + 1);
  const page = cutPage(rows, limit, ({ id }) => id);
  const views = await loadDownloadViews(
    executor,
    page.items.map(({ downloadId }) => downloadId),
  );
  const byId = new Map(views.map((view) => [view.id, view]));
  const items = page.items.flatMap(({ downloadId, ownerDisabledAt, ...row }) => {
    const download = byId.get(downloadId);
    return download === undefined ? [] : [{ ...row, ownerDisabled: ownerDisabledAt !== null, download }];
  });
  return { items, nextCursor: page.nextCursor };
}
