import type { DownloadNotification } from '@sheaf/db/notifications/claim-notification';
import { insertInboxItem } from '@sheaf/db/notifications/insert-inbox-item';
import type { WorkerDeps } from '../worker-deps.ts';
import { type Delivery, delivered } from './delivery.ts';
import { eventTitle } from './event-title.ts';
import type { Notice } from './notice.ts';
import { noticePayload } from './notice-payload.ts';

/** Puts the notice into the requester's inbox. */
export async function writeInbox(
  { db }: Pick<WorkerDeps, 'db'>,
  { id, recipient, event }: DownloadNotification,
  notice: Notice,
): Promise<Delivery> {
  await insertInboxItem(db.orm, {
    userId: recipient,
    notificationId: id,
    event,
    title: eventTitle(notice),
    body: { ...noticePayload(withoutLinks(notice)) },
    createdAt: notice.at,
  });
  return delivered;
}

/** Links are kept hashed or sealed; the inbox's reader finds them at the download itself. */
function withoutLinks(notice: Notice): Notice {
  const { bundle } = notice.download;
  if (bundle === null) return notice;
  const parts = bundle.parts.map((part) => ({ ...part, url: null }));
  return { ...notice, download: { ...notice.download, bundle: { ...bundle, parts } } };
}
