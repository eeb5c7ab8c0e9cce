import { setTimeout as pause } from 'node:timers/promises';
import { outboxChannel } from '@sheaf/db/add-to-outbox';
import type { Database } from '@sheaf/db/database';
import { deleteOutbox, type TakenRow, takeOutbox } from '@sheaf/db/outbox/take-outbox';
import type { JobProducer } from '@sheaf/queue/job-producer';
import { type JobName, parseJobPayload } from '@sheaf/queue/jobs';
import type { Logger } from '@sheaf/runtime/logger';

export interface RelayDeps {
  db: Database;
  producer: Pick<JobProducer, 'add'>;
  logger: Logger;
  /** Most downloads in progress at a time, over all workers. Asked each time: it grows with the workers. */
  maxOpenDownloads(): number;
  pollMs: number;
}

export interface Relay {
  /** Waits for the batch under way. */
  close(): Promise<void>;
}

const batch = 100;
/** Jobs added at a time: enough to hide the way to the queue and back, few enough to keep their order. */
const addedAtATime = 10;
const longestBackOffMs = 10_000;

/**
 * Moves jobs from the outbox to the queue: at once where somebody asks for one, and every `pollMs` for those whose time
 * has come. While the queue is away the rows stay where they are.
 */
export async function startRelay(deps: RelayDeps): Promise<Relay> {
  const { db, logger, pollMs } = deps;
  const stopping = new AbortController();
  let wanted = false;
  let wake = () => {};
  const subscription = await db.listen(outboxChannel, () => {
    wanted = true;
    wake();
  });

  async function waitForWork(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, pollMs);
    wake = resolve;
    if (wanted || stopping.signal.aborted) resolve();
    await promise;
    clearTimeout(timer);
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      wanted = false;
      try {
        const moved = await relayBatch(deps);
        failures = 0;
        if (moved === 0) await waitForWork();
      } catch (error) {
        failures += 1;
        const pauseMs = Math.min(pollMs * 2 ** (failures - 1), longestBackOffMs);
        logger.warn({ err: error, failures, pauseMs }, 'relay failed');
        await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  const running = run();
  return {
    async close() {
      stopping.abort();
      wake();
      await running;
      await subscription.unlisten();
    },
  };
}

/**
 * One batch: rows are locked, their jobs added, and the rows deleted whose jobs are there. A crash in between adds a job
 * twice, which its id undoes. Returns how many; throws the queue's error once what was added is committed.
 */
async function relayBatch({ db, producer, logger, maxOpenDownloads }: RelayDeps): Promise<number> {
  const failures: unknown[] = [];
  const moved = await db.transaction(async (tx) => {
    const rows = await takeOutbox(tx, { batch, maxOpenDownloads: maxOpenDownloads() });
    const done: number[] = [];
    for (let start = 0; start < rows.length && failures.length === 0; start += addedAtATime) {
      const group = rows.slice(start, start + addedAtATime);
      const results = await Promise.allSettled(group.map((row) => addJob(producer, row, logger)));
      for (const [index, result] of results.entries()) {
        if (result.status === 'fulfilled') done.push(group[index]!.id);
        else failures.push(result.reason);
      }
    }
    await deleteOutbox(tx, done);
    return done.length;
  });
  if (failures.length > 0) throw failures[0];
  return moved;
}

async function addJob(producer: RelayDeps['producer'], row: TakenRow, logger: Logger): Promise<void> {
  const { jobId, payload, priority } = row;
  const name = row.job as JobName;
  try {
    parseJobPayload(name, payload);
  } catch (error) {
    // It would fail again for ever, and keep the others waiting.
    logger.error({ err: error, row }, 'outbox row dropped');
    return;
  }
  await producer.add(name, payload as never, { jobId, priority: priority + 1 });
}
