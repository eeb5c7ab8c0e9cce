import type { NotificationClaim } from '@sheaf/db/notifications/claim-notification';
import { type Delivery, pointless } from './delivery.ts';
import { emailLines } from './email-lines.ts';
import type { Notice } from './notice.ts';
import { type MailDeps, sendLines } from './send-lines.ts';

/** Sends the notice of a download by email, unless what it would announce is over. */
export async function sendEmail(deps: MailDeps, claim: NotificationClaim, notice: Notice): Promise<Delivery> {
  if (notice.event === 'download.ready' && notice.download.state !== 'ready') {
    return pointless('The download is no longer ready.');
  }
  return sendLines(deps, claim, emailLines(notice));
}
