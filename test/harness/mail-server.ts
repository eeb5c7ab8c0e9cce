import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface TestMailServer {
  /** For SMTP_URL. */
  url: string;
  /** Taken messages, in order. */
  messages: ParsedMail[];
  /** Message-IDs of the messages that were refused, in order. */
  refused: (string | undefined)[];
  /** Refuses so many of the next messages with 451. */
  refuse(count: number): void;
  close(): Promise<void>;
}

/** What happens in a conversation, and how long the server takes over it. */
export interface MailServerSteps {
  recipient?(): Promise<void>;
  /** When the whole message is there, and not taken yet. */
  message?(): Promise<void>;
  closed?(): void;
}

/** A real SMTP server on the loopback interface. */
export async function startMailServer(steps: MailServerSteps = {}): Promise<TestMailServer> {
  const messages: ParsedMail[] = [];
  const refused: (string | undefined)[] = [];
  let refusals = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo(_address, _session, done) {
      Promise.resolve(steps.recipient?.()).then(() => done(), done);
    },
    onClose: () => steps.closed?.(),
    onData(stream, _session, done) {
      buffer(stream)
        .then((raw) => simpleParser(raw))
        .then(async (message) => {
          await steps.message?.();
          if (refusals === 0) {
            messages.push(message);
            return done();
          }
          refusals -= 1;
          refused.push(message.messageId);
          done(Object.assign(new Error('Try again later'), { responseCode: 451 }));
        }, done);
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    messages,
    refused,
    refuse(count) {
      refusals = count;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
