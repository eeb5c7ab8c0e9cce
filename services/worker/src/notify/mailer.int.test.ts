import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type MailServerSteps, startMailServer } from '../../../../test/harness/mail-server.ts';
import { createMailer, type Mail } from './mailer.ts';

const stepTimeout = 200;

async function setup(steps: MailServerSteps) {
  const server = await startMailServer(steps);
  const mailer = createMailer({ smtpUrl: server.url, from: 'sheaf@example.com', stepTimeout });
  onTestFinished(async () => {
    mailer.close();
    await server.close();
  });
  const mail: Mail = {
    messageId: `<${randomUUID()}@sheaf.example>`,
    to: 'requester@example.com',
    subject: 'Ready',
    text: 'It is ready.',
    html: '<p>It is ready.</p>',
  };
  return { server, mailer, mail };
}

test('a message that is given up because the server is slow is not taken later, so the next attempt sends it once', async () => {
  const goOn = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const { server, mailer, mail } = await setup({ recipient: () => goOn.promise, closed: () => closed.resolve() });

  await expect(mailer.send(mail)).rejects.toThrow('The mail server was too slow.');
  goOn.resolve();
  await closed.promise;

  expect(server.messages).toEqual([]);
  await mailer.send(mail);
  expect(server.messages.map(({ messageId }) => messageId)).toEqual([mail.messageId]);
});

test('a server that takes its time over the message gets it once', async () => {
  const { server, mailer, mail } = await setup({ message: () => pause(3 * stepTimeout) });

  await mailer.send(mail);

  expect(server.messages.map(({ messageId }) => messageId)).toEqual([mail.messageId]);
});

test('a mailer that is closed breaks off what it is sending', async () => {
  const reached = Promise.withResolvers<void>();
  const { server, mailer, mail } = await setup({
    recipient() {
      reached.resolve();
      return new Promise(() => {});
    },
  });
  const sending = expect(mailer.send(mail)).rejects.toThrow();
  await reached.promise;

  mailer.close();

  await sending;
  expect(server.messages).toEqual([]);
});
