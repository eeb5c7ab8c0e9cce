import { desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { visibilityVersions } from '../schema/catalogue.ts';
import { storedVersion, type VisibilityVersion } from './visibility-version.ts';

export interface ListedVersion extends VisibilityVersion {
  /** Whoever made it; null for the system itself, or for somebody who is no more. */
  author: { id: string; name: string } | null;
}

/** Versions with their authors, newest first; version 0, which nobody made, is not among them. */
export async function listVisibilityVersions(
  executor: Executor,
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<ListedVersion[]> {
  const rows = await executor
    .select({ row: visibilityVersions, author: { id: users.id, name: users.name } })
    .from(visibilityVersions)
    .leftJoin(users, eq(users.id, visibilityVersions.changedBy))
    .where(before === undefined ? undefined : lt(visibilityVersions.version, before))
    .orderBy(desc(visibilityVersions.version))
    .limit(limit);
  return rows.map(({ row, author }) => ({ ...storedVersion(row), author }));
}
