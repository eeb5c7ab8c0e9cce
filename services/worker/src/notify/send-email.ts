import type { NotificationClaim } from '@sheaf/db/notifications/claim-notification';
import { keepMail } from '@sheaf/db/notifications/keep-mail';
import type { WorkerDeps } from '../worker-deps.ts';
import { type Delivery, delivered, pointless } from './delivery.ts';
import { emailHtml } from './email-html.ts';
import { emailLines } from './email-lines.ts';
import { emailText } from './email-text.ts';
import { eventTitle } from './event-title.ts';
import type { Mail } from './mailer.ts';
import type { Notice } from './notice.ts';

/** SMTP has no other answer for a message that it takes (RFC 5321, 4.3.2). */
const taken: Delivery = { ok: true, status: 250 };

/** Sends the notice by email, or keeps the message where no mail server is configured. */
export async function sendEmail(
  { db, mailer, publicUrl, sealers }: Pick<WorkerDeps, 'db' | 'mailer' | 'publicUrl' | 'sealers'>,
  { id, recipient }: NotificationClaim,
  notice: Notice,
): Promise<Delivery> {
  if (notice.event === 'download.ready' && notice.download.state !== 'ready') {
    return pointless('The download is no longer ready.');
  }
  const lines = emailLines(notice);
  const mail: Mail = {
    messageId: `<${id}@${new URL(publicUrl).hostname}>`,
    to: recipient,
    subject: eventTitle(notice),
    text: emailText(lines),
    html: emailHtml(lines),
  };
  if (mailer === null) {
    await keepMail(db.orm, {
      notificationId: id,
      toAddress: recipient,
      subject: mail.subject,
      sealedText: sealers.mail.seal(mail.text),
      sealedHtml: sealers.mail.seal(mail.html),
    });
    return delivered;
  }
  try {
    await mailer.send(mail);
    return taken;
  } catch (error) {
    const { responseCode } = error as { responseCode?: unknown };
    const status = typeof responseCode === 'number' ? responseCode : null;
    return { ok: false, status, error: `The mail was not taken: ${(error as Error).message}`, final: false };
  }
}
