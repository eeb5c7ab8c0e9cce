import { Socket } from 'node:net';
import { createTransport } from 'nodemailer';

export interface Mail {
  /** With its angle brackets; the same for every attempt, so that receivers can tell. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface Mailer {
  /**
   * Hands a message to the mail server. Rejects with the server's or the connection's error; the conversation is over
   * then, and the server can take nothing more of it.
   */
  send(mail: Mail): Promise<void>;
  /** Breaks off what is being sent. */
  close(): void;
}

export interface MailerOptions {
  smtpUrl: string;
  from: string;
  /** Milliseconds that the server may take to be found and to greet; the whole conversation may take six times that. */
  stepTimeout: number;
}

/** Steps in a conversation. Taking the message may last the longest: some servers look through it first. */
const slowSteps = 6;

export function createMailer({ smtpUrl, from, stepTimeout }: MailerOptions): Mailer {
  const deadline = slowSteps * stepTimeout;
  const open = new Set<Socket>();

  function transportOver(socket: Socket) {
    return createTransport(
      {
        url: smtpUrl,
        socket,
        dnsTimeout: stepTimeout,
        connectionTimeout: stepTimeout,
        greetingTimeout: stepTimeout,
        socketTimeout: deadline,
      },
      // Nothing in a message may make this process read files or fetch addresses.
      { from, disableFileAccess: true, disableUrlAccess: true },
    );
  }

  return {
    async send(mail) {
      // A connection of its own, which can be broken: a message that is given up must not be taken later after all.
      const socket = new Socket();
      open.add(socket);
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error('The mail server was too slow.'));
      }, deadline);
      try {
        await Promise.race([transportOver(socket).sendMail(mail), late]);
      } finally {
        clearTimeout(timer);
        socket.destroy();
        open.delete(socket);
      }
    },
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}
