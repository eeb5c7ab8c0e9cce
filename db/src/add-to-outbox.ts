import { sql } from 'drizzle-orm';
import type { Executor } from './database.ts';
import { outbox } from './schema/jobs.ts';

/** The channel that wakes the relay. */
export const outboxChannel = 'sheaf_outbox';

export interface OutboxRow {
  job: 'render' | 'derive' | 'gather' | 'pack' | 'notify' | 'bulk' | 'sweep';
  /** Same id, same job: the queue takes it once while it is there. No colons, not digits alone. */
  jobId: string;
  /** Ids and numbers only: payloads are clear text in the queue. */
  payload: Record<string, string | number>;
  /** Whose turn it uses up; null for work of the house. */
  requesterId: string | null;
  /** 0 is most urgent. */
  priority?: number;
  /** Not before so many milliseconds of the database's clock from now. */
  delayMs?: number;
}

/** Asks for jobs in the caller's transaction: they run if and only if it commits. */
export async function addToOutbox(executor: Executor, rows: OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await executor.insert(outbox).values(
    rows.map(({ delayMs, ...row }) => ({
      ...row,
      ...(delayMs && { availableAt: sql`now() + ${delayMs} * interval '1 millisecond'` }),
    })),
  );
  await executor.execute(sql`select pg_notify(${outboxChannel}, '')`);
}
