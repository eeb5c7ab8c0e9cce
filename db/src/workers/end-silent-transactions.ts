import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** What services call themselves. Commands may rightly take their time: a backup reads all tables in one transaction. */
const services = ['sheaf-api', 'sheaf-worker'];

/**
 * Ends transactions of services that stopped in the middle of a statement (with their machine, say) so many seconds ago, and
 * with them the locks that others wait for. Between two statements `idle_in_transaction_session_timeout` does; where only the
 * first half of one has come, its text but not its parameters, PostgreSQL takes the connection for busy and waits for ever.
 * Returns how many.
 */
export async function endSilentTransactions(
  executor: Executor,
  { silentSeconds }: { silentSeconds: number },
): Promise<number> {
  const ended = await executor.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and application_name = any(${`{${services.join(',')}}`})
      and xact_start is not null and state = 'active' and wait_event_type = 'Client' and wait_event = 'ClientRead'
      and state_change < now() - ${silentSeconds} * interval '1 second'`);
  return ended.length;
}
