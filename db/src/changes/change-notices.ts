import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../database.ts';

const channel = 'sheaf_changes';

/** What live screens are told of: that there is something new to read, never what. */
export const changeTopics = ['downloads', 'queues', 'workers'] as const;
export type ChangeTopic = (typeof changeTopics)[number];

export interface ChangeListener {
  onTopics(topics: readonly ChangeTopic[]): void;
  /** Somebody's session, token or rights may have ended. */
  onAccess(userId: string): void;
  /** From here on notices arrive; those of before may have been lost. */
  onSubscribed(): void;
}

/** Tells live screens, once the caller's transaction commits. Triggers do so for downloads and workers. */
export async function noteChange(executor: Executor, topic: ChangeTopic): Promise<void> {
  await executor.execute(sql`select pg_notify(${channel}, ${topic})`);
}

/** On a connection of its own. Notices may be lost, and nothing may depend on them but how soon something is seen. */
export function listenToChanges(db: Database, listener: ChangeListener): Promise<{ unlisten(): Promise<void> }> {
  return db.listen(channel, (notice) => tell(listener, notice), listener.onSubscribed);
}

/** What the triggers say: see the migration `download_changes`. */
function tell(listener: ChangeListener, notice: string): void {
  const [, userId] = /^access (.+)$/.exec(notice) ?? [];
  if (userId !== undefined) listener.onAccess(userId);
  else if (notice === 'progress') listener.onTopics(['downloads']);
  else if (notice === 'states') listener.onTopics(['downloads', 'queues']);
  else listener.onTopics(changeTopics.filter((topic) => topic === notice));
}
