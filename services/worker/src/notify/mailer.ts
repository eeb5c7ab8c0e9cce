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
  /** Hands a message to the mail server. Rejects with the server's or the connection's error. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

export interface MailerOptions {
  smtpUrl: string;
  from: string;
  /** Milliseconds that the server may take for each step of the conversation. */
  stepTimeout: number;
}

/** Steps of a conversation that a server may draw out before the whole of it is given up. */
const slowSteps = 3;

export function createMailer({ smtpUrl, from, stepTimeout }: MailerOptions): Mailer {
  const transport = createTransport(
    {
      url: smtpUrl,
      dnsTimeout: stepTimeout,
      connectionTimeout: stepTimeout,
      greetingTimeout: stepTimeout,
      socketTimeout: stepTimeout,
    },
    // Nothing in a message may make this process read files or fetch addresses.
    { from, disableFileAccess: true, disableUrlAccess: true },
  );
  return {
    async send(mail) {
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(new Error('The mail server was too slow.')), slowSteps * stepTimeout);
      try {
        await Promise.race([transport.sendMail(mail), late]);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => transport.close(),
  };
}
