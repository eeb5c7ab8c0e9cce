import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/**
 * Until then, no stored file is removed since nothing uses it: somebody copies them. From this statement on: it waits for
 * a removal that is under way. Ends by itself where whoever holds them dies.
 */
export async function holdFiles(executor: Executor, seconds: number): Promise<void> {
  await executor.execute(sql`
    insert into storage_care (id, held_until) values (1, now() + ${seconds} * interval '1 second')
    on conflict (id) do update set held_until = excluded.held_until`);
}

export async function letGoOfFiles(executor: Executor): Promise<void> {
  await executor.execute(sql`update storage_care set held_until = null where id = 1`);
}
