import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { isAnyOf } from '../is-any-of.ts';
import { users } from '../schema/auth.ts';
import { downloads } from '../schema/downloads.ts';

const columns = {
  id: downloads.id,
  name: downloads.name,
  state: downloads.state,
  requester: { id: users.id, name: users.name, email: users.email },
  included: downloads.included,
  excluded: downloads.excluded,
  entriesDone: downloads.entriesDone,
  entriesTotal: downloads.entriesTotal,
  bytesDone: downloads.bytesDone,
  bytesTotal: downloads.bytesTotal,
  delivery: downloads.delivery,
  error: downloads.error,
  failure: downloads.failure,
  cancelRequestedAt: downloads.cancelRequestedAt,
  createdAt: downloads.createdAt,
  chargedAt: downloads.chargedAt,
  readyAt: downloads.readyAt,
  finishedAt: downloads.finishedAt,
  expiresAt: downloads.expiresAt,
};

export type FoundDownload = Pick<typeof downloads.$inferSelect, Exclude<keyof typeof columns, 'requester'>> & {
  requester: { id: string; name: string; email: string };
};

/** What a list shows of downloads, in the order of their ids as given. */
export async function loadFoundDownloads(executor: Executor, ids: readonly string[]): Promise<FoundDownload[]> {
  if (ids.length === 0) return [];
  const rows = await executor
    .select(columns)
    .from(downloads)
    .innerJoin(users, eq(users.id, downloads.requesterId))
    .where(isAnyOf(downloads.id, ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
