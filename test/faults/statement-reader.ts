/** Characters of a statement that tell it from others. */
const shownLength = 160;

/** A statement within a transaction that is about to reach PostgreSQL. */
export interface SentStatement {
  /** Of the server's process that would run it. */
  backend: number;
  /** Shortened, and without the number of its parameters. */
  text: string;
  /** What its transaction began with; the same as `text` where that is this one. */
  first: string;
}

/** Reads both directions of one connection to PostgreSQL, in pieces as they come. */
export interface StatementReader {
  /** From the client. Returns the statements within transactions that were sent to its end, `begin` not among them. */
  sent(chunk: Buffer): SentStatement[];
  /** From the server. */
  answered(chunk: Buffer): void;
}

export function statementReader(): StatementReader {
  let backend = 0;
  /** Of the transaction that is open; empty where it has only begun, and null where there is none. */
  let first: string | null = null;
  /** Texts of prepared statements, by name. */
  const prepared = new Map<string, string>();
  // A client begins with a message that has no type.
  const fromClient = messageReader({ startsUntyped: true });
  const fromServer = messageReader({ startsUntyped: false });

  function run(text: string): SentStatement[] {
    if (/^\s*begin\b/i.test(text)) {
      first = '';
      return [];
    }
    if (first === null) return [];
    const shown = shorten(text);
    if (first === '') first = shown;
    const statement = { backend, text: shown, first };
    if (/^\s*(commit|rollback(?!\s+to))\b/i.test(text)) first = null;
    return [statement];
  }

  return {
    sent: (chunk) =>
      fromClient(chunk).flatMap(({ type, body }) => {
        if (type === 'Q') return run(textAt(body, 0));
        if (type === 'P') {
          const name = textAt(body, 0);
          const text = textAt(body, Buffer.byteLength(name) + 1);
          prepared.set(name, text);
          return [];
        }
        if (type !== 'B') return [];
        const portal = textAt(body, 0);
        return run(prepared.get(textAt(body, Buffer.byteLength(portal) + 1)) ?? '');
      }),
    answered(chunk) {
      if (backend !== 0) return;
      const key = fromServer(chunk).find(({ type }) => type === 'K');
      if (key) backend = key.body.readInt32BE(0);
    },
  };
}

interface Message {
  type: string;
  body: Buffer;
}

/** Cuts a direction of the connection into its messages; what is incomplete waits for the next piece. */
function messageReader({ startsUntyped }: { startsUntyped: boolean }): (chunk: Buffer) => Message[] {
  let rest: Buffer = Buffer.alloc(0);
  let isUntyped = startsUntyped;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const messages: Message[] = [];
    while (true) {
      const head = isUntyped ? 0 : 1;
      if (rest.length < head + 4) return messages;
      const end = head + rest.readInt32BE(head);
      if (rest.length < end) return messages;
      messages.push({ type: isUntyped ? '' : String.fromCharCode(rest[0]!), body: rest.subarray(head + 4, end) });
      rest = rest.subarray(end);
      isUntyped = false;
    }
  };
}

/** Up to the next zero byte. */
function textAt(body: Buffer, from: number): string {
  return body.toString('utf8', from, body.indexOf(0, from));
}

/** The same for a statement about one row and about many. */
function shorten(text: string): string {
  return text
    .replace(/\$\d+/g, '$')
    .replace(/(\$|default)(, (\$|default))+/g, '$')
    .replace(/\(\$\)(, \(\$\))+/g, '($)')
    .replace(/\s+/g, ' ')
    .slice(0, shownLength);
}
