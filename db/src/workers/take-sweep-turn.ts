import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/**
 * Takes the turn to sweep, unless somebody else did within the last `silentMs`: then false. By the database's clock, which
 * nobody sets.
 */
export async function takeSweepTurn(executor: Executor, { silentMs }: { silentMs: number }): Promise<boolean> {
  const taken = await executor.execute(sql`
    insert into installation as i (key, value) values ('last sweep', to_jsonb(clock_timestamp()))
    on conflict (key) do update set value = excluded.value
      where (i.value #>> '{}')::timestamptz <= clock_timestamp() - ${silentMs}::float8 * interval '1 millisecond'
    returning key`);
  return taken.length > 0;
}
