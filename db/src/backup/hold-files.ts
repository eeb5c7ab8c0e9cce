import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/**
 * For so long, no stored file is removed since nothing uses it: somebody copies them. From this statement on: it waits for
 * a removal that is under way. Call it again in time to go on. There is no letting go, since others may be copying too: what
 * nobody renews ends by itself, whoever died. Returns whether they were held until now.
 */
export async function holdFiles(executor: Executor, seconds: number): Promise<boolean> {
  const [row] = await executor.execute<{ was_held: boolean }>(sql`
    insert into storage_care as care (id, held_until) values (1, now() + ${seconds} * interval '1 second')
    on conflict (id) do update set held_until = greatest(care.held_until, excluded.held_until)
    returning coalesce(old.held_until > now(), false) as was_held`);
  return row!.was_held;
}
