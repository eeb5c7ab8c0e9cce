import type { WorkerDeps } from './worker-deps.ts';

/** Listed in one go. */
const limit = 100;
/** After so long it is the turn of what else is to be read. */
const turnMs = 60_000;
/** So many in a row of which nothing can be said, and it is the storage rather than they. */
const mostUnreadable = 3;

interface Sort<T> {
  what: string;
  list(limit: number): Promise<T[]>;
  keyOf(item: T): string;
  /** Rejects where nothing can be said of it. Another time it is not listed, or later. */
  look(item: T): Promise<void>;
  logger: Pick<WorkerDeps['logger'], 'warn'>;
  signal: AbortSignal;
}

/**
 * A way through all that is due of a sort, a turn at a time: false when none is left. One of which nothing can be said
 * keeps no other from its turn, and is told at the end; rejects at once where the storage seems to be at fault.
 */
export function createScrubPass<T>({ what, list, keyOf, look, logger, signal }: Sort<T>): () => Promise<boolean> {
  const unreadable = new Map<string, unknown>();
  let inARow = 0;
  return async () => {
    const begunAt = performance.now();
    const listed = await list(limit + unreadable.size);
    const due = listed.filter((item) => !unreadable.has(keyOf(item)));
    for (const item of due) {
      signal.throwIfAborted();
      try {
        await look(item);
        inARow = 0;
      } catch (error) {
        signal.throwIfAborted();
        logger.warn({ err: error, key: keyOf(item) }, `one of ${what} could not be verified`);
        unreadable.set(keyOf(item), error);
        inARow += 1;
        if (inARow >= mostUnreadable) throw error;
      }
      if (performance.now() - begunAt >= turnMs) break;
    }
    if (due.length > 0) return true;
    if (unreadable.size === 0) return false;
    throw new AggregateError([...unreadable.values()], `${unreadable.size} ${what} could not be verified.`);
  };
}
