import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../database.ts';

/**
 * Runs the statements of a search where PostgreSQL does not sort what an index has half sorted: from `(state, id)`, say,
 * it would read every download of a state to sort those by time, when `(state, created_at, id)` has them in order.
 * Measured at 1,000,000 downloads of which 690,000 had that state: 2.8 s against 30 ms.
 */
export async function asPlanned<T>(
  db: Pick<Database, 'transaction'>,
  work: (executor: Executor) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(
      sql`select set_config('enable_incremental_sort', 'off', true), set_config('enable_sort', 'off', true)`,
    );
    return work(tx);
  });
}
