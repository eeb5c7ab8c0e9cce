import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** The next of the 256 folders of stored files, as two hexadecimal digits: each has its turn, whichever worker asks. */
export async function nextFolder(executor: Executor): Promise<string> {
  const [row] = await executor.execute<{ folder: number }>(sql`
    insert into storage_care (id, next_folder) values (1, 1)
    on conflict (id) do update set next_folder = (storage_care.next_folder + 1) % 256
    returning (next_folder + 255) % 256 as folder`);
  return row!.folder.toString(16).padStart(2, '0');
}
