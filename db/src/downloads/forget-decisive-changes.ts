import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** Removes what no decision is held against any more: `nothing_decisive_since` trusts none that is six days old. */
export async function forgetDecisiveChanges(executor: Executor): Promise<void> {
  await executor.execute(sql`delete from decisive_changes where at < now() - interval '7 days'`);
}
