import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** What services call themselves. Commands may rightly take their time: a backup reads all tables in one transaction. */
const services = ['sheaf-api', 'sheaf-worker'];

/** Longest that a live process leaves a transaction alone whose statement was answered at last. */
const goesOnSeconds = 2;

/**
 * Ends transactions of services that stopped in the middle of a statement (with their machine, say) so many seconds ago, and
 * with them the locks that others wait for. Between two statements `idle_in_transaction_session_timeout` does; where only the
 * first half of one has come, its text but not its parameters, PostgreSQL takes the connection for busy and waits for ever.
 * The same process may have stopped while others of its transactions waited for that lock: each would have it next, and be
 * idle with it from then on. Those are ended, too, as soon as nobody goes on with them. Returns how many.
 */
export async function endSilentTransactions(
  executor: Executor,
  { silentSeconds }: { silentSeconds: number },
): Promise<number> {
  const silentSince = sql`now() - ${silentSeconds} * interval '1 second'`;
  const ended = await executor.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and application_name = any(${`{${services.join(',')}}`})
      and xact_start is not null and (
        state = 'active' and wait_event_type = 'Client' and wait_event = 'ClientRead' and state_change < ${silentSince}
        or state = 'idle in transaction' and query_start < ${silentSince}
          and state_change < now() - ${goesOnSeconds} * interval '1 second')`);
  return ended.length;
}
