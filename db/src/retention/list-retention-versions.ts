import { defaultRetention } from '@sheaf/domain/retention';
import { desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { retentionVersions } from '../schema/operations.ts';
import type { RetentionVersion } from './read-retention.ts';

export interface ListedRetention extends RetentionVersion {
  /** Whoever made it; null for somebody who is no more. */
  author: { id: string; name: string } | null;
}

/** Versions with their authors, newest first; version 0, which nobody made, is not among them. */
export async function listRetentionVersions(
  executor: Executor,
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<ListedRetention[]> {
  const rows = await executor
    .select({ row: retentionVersions, author: { id: users.id, name: users.name } })
    .from(retentionVersions)
    .leftJoin(users, eq(users.id, retentionVersions.changedBy))
    .where(before === undefined ? undefined : lt(retentionVersions.version, before))
    .orderBy(desc(retentionVersions.version))
    .limit(limit);
  return rows.map(({ row, author }) => ({ ...row, retention: { ...defaultRetention, ...row.retention }, author }));
}
