import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { readRetention } from './read-retention.ts';

/** Removes kept mails and inbox entries that are older than the retention in force says, at most `limit` of each. */
export async function forgetOldMessages(
  executor: Executor,
  { now, limit }: { now: Date; limit: number },
): Promise<void> {
  const { retention } = await readRetention(executor);
  const before = (days: number) => sql`${now.toISOString()}::timestamptz - ${days} * interval '1 day'`;
  if (retention.keptMailDays !== null) {
    await executor.execute(sql`delete from kept_mails where notification_id in (
      select notification_id from kept_mails where created_at < ${before(retention.keptMailDays)} limit ${limit})`);
  }
  if (retention.inboxDays !== null) {
    await executor.execute(sql`delete from inbox_items where id in (
      select id from inbox_items where created_at < ${before(retention.inboxDays)} limit ${limit})`);
  }
}
