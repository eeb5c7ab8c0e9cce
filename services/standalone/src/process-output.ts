import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

/** Where a child's lines go: all into its log, and those that someone should see to the terminal. */
export interface ProcessOutput {
  /** Lines of standard output: pino's JSON. */
  follow(stdout: Readable): void;
  /** Lines of standard error: each is one that someone should see. */
  followErrors(stderr: Readable): void;
  /** The last line of standard error, which says why a process could not start. */
  lastError(): string | undefined;
  /** Resolves when the last lines have been read and written. */
  close(): Promise<void>;
}

const warningLevel = 40;
const lastLinesMs = 1_000;

export function createProcessOutput(name: string, logFile: string, show: (line: string) => void): ProcessOutput {
  const log: WriteStream = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  // A full disk must not end the supervisor: then the lines are lost.
  log.on('error', () => {});
  let lastError: string | undefined;
  const unread = new Set<Promise<unknown>>();
  const eachLine = (stream: Readable, handle: (line: string) => void) => {
    const lines = createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      handle(line);
    });
    const read = once(lines, 'close').finally(() => unread.delete(read));
    unread.add(read);
  };
  return {
    follow: (stdout) =>
      eachLine(stdout, (line) => {
        const warning = warningIn(line);
        if (warning) show(`${name}: ${warning}`);
      }),
    followErrors: (stderr) =>
      eachLine(stderr, (line) => {
        if (!line.trim()) return;
        lastError = line.trim();
        show(`${name}: ${line}`);
      }),
    lastError: () => lastError,
    async close() {
      // Bounded, for a process that the child has left behind may keep its output open.
      await Promise.race([Promise.all(unread), wait(lastLinesMs, undefined, { ref: false })]);
      await new Promise<void>((resolve) => log.end(() => resolve()));
    },
  };
}

/** A log line's message in plain words when it is a warning or worse, else undefined. */
export function warningIn(line: string): string | undefined {
  const entry = parseEntry(line);
  if (!entry || !(Number(entry.level) >= warningLevel)) return undefined;
  const cause = (entry.err as { message?: string } | undefined)?.message;
  const message = String(entry.msg ?? 'warning');
  return cause && cause !== message ? `${message}: ${cause}` : message;
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
