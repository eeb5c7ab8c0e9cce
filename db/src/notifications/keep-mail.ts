import type { Executor } from '../database.ts';
import { keptMails } from '../schema/notifications.ts';

/** Keeps a sealed message for the dashboard; one that is there already stays as it is. */
export async function keepMail(
  executor: Executor,
  mail: Omit<typeof keptMails.$inferInsert, 'createdAt'>,
): Promise<void> {
  await executor.insert(keptMails).values(mail).onConflictDoNothing();
}
