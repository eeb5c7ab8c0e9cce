import type { NotificationClaim } from '@sheaf/db/notifications/claim-notification';
import { keepMail } from '@sheaf/db/notifications/keep-mail';
import type { WorkerDeps } from '../worker-deps.ts';
import { type Delivery, delivered } from './delivery.ts';
import { emailHtml } from './email-html.ts';
import type { EmailLines } from './email-lines.ts';
import { emailText } from './email-text.ts';
import type { Mail } from './mailer.ts';

export type MailDeps = Pick<WorkerDeps, 'db' | 'mailer' | 'publicUrl' | 'sealers'>;

/** SMTP has no other answer for a message that it takes (RFC 5321, 4.3.2). */
const taken: Delivery = { ok: true, status: 250 };

/** Sends lines as a notification's email, or keeps the message where no mail server is configured. */
export async function sendLines(
  { db, mailer, publicUrl, sealers }: MailDeps,
  { id, recipient }: Pick<NotificationClaim, 'id' | 'recipient'>,
  lines: EmailLines,
): Promise<Delivery> {
  const mail: Mail = {
    messageId: `<${id}@${new URL(publicUrl).hostname}>`,
    to: recipient,
    subject: lines.title,
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
