import { setTimeout } from 'node:timers/promises';
import { isConnectionError } from '@sheaf/db/database';
import type { RecordedAccess } from '@sheaf/db/downloads/record-access';

declare module 'fastify' {
  interface FastifyInstance {
    accessRecorder: AccessRecorder;
  }
}

/** Writes down behind the answers how they ended. */
export interface AccessRecorder {
  /** Returns at once. `onLost` is told when it could not be written. */
  record(recorded: RecordedAccess, onLost: (error: unknown) => void): void;
  /** Resolves once all that was handed in so far is written, or lost. */
  settled(): Promise<void>;
}

export interface AccessRecorderOptions {
  /** Told how many were dropped because too many were waiting, once writing goes on. */
  onDropped(count: number): void;
  /** How long the first of a batch waits for others, in milliseconds. */
  lingerMs?: number;
  /** Before a batch that failed is tried again. */
  pause?(): Promise<unknown>;
}

type Waiting = { recorded: RecordedAccess; onLost: (error: unknown) => void };

/** Accesses in one transaction: well below PostgreSQL's 65,535 parameters. */
const batchSize = 500;

/** Beyond it accesses are dropped: a database that does not answer must not cost the service its memory. */
export const queueLimit = 10_000;

/**
 * One transaction at a time, each with all that came in meanwhile: whoever appends to the audit log waits for whoever
 * did before, and a reader's hundreds of small ranges must not make others wait hundreds of times. The first waits a
 * little, so that what follows it at once does not share the database with it. A batch that fails
 * is tried again after a moment, and then one by one, so that one row that cannot be written does not cost the others.
 */
export function createAccessRecorder(
  write: (batch: RecordedAccess[]) => Promise<void>,
  { onDropped, lingerMs = 20, pause = () => setTimeout(1_000) }: AccessRecorderOptions,
): AccessRecorder {
  let waiting: Waiting[] = [];
  let dropped = 0;
  let writing: Promise<void> | null = null;

  async function writeAll(): Promise<void> {
    if (lingerMs > 0) await setTimeout(lingerMs);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      await writeBatch(batch);
      if (dropped > 0) {
        onDropped(dropped);
        dropped = 0;
      }
    }
    writing = null;
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    const all = batch.map(({ recorded }) => recorded);
    if (await succeeds(write(all))) return;
    await pause();
    if (await succeeds(write(all))) return;
    let unreachable: unknown = null;
    for (const { recorded, onLost } of batch) {
      // Each attempt may take as long as connecting does.
      if (unreachable !== null) onLost(unreachable);
      else {
        await write([recorded]).catch((error) => {
          if (isUnreachable(error)) unreachable = error;
          onLost(error);
        });
      }
    }
  }

  return {
    record(recorded, onLost) {
      if (waiting.length >= queueLimit) {
        dropped += 1;
        return;
      }
      waiting.push({ recorded, onLost });
      writing ??= writeAll();
    },
    async settled() {
      await writing;
    },
  };
}

function isUnreachable(error: unknown): boolean {
  return isConnectionError(error) || isConnectionError((error as { cause?: unknown } | null)?.cause);
}

function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
