import { and, desc, eq, isNull, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { apiTokens } from '../schema/auth.ts';

/** A personal API token without its hash. */
export interface ApiToken {
  id: string;
  name: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

const columns = {
  id: apiTokens.id,
  name: apiTokens.name,
  createdAt: apiTokens.createdAt,
  expiresAt: apiTokens.expiresAt,
  lastUsedAt: apiTokens.lastUsedAt,
};

export interface NewApiToken {
  userId: string;
  name: string;
  tokenHash: Buffer;
  expiresAt: Date | null;
  createdAt: Date;
}

export async function insertApiToken(executor: Executor, token: NewApiToken): Promise<ApiToken> {
  const [row] = await executor.insert(apiTokens).values(token).returning(columns);
  return row!;
}

/** A user's tokens that are not revoked, newest first. */
export async function listApiTokens(
  executor: Executor,
  userId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<ApiToken>> {
  const rows = await executor
    .select(columns)
    .from(apiTokens)
    .where(
      and(
        eq(apiTokens.userId, userId),
        isNull(apiTokens.revokedAt),
        after === undefined ? undefined : lt(apiTokens.id, after),
      ),
    )
    .orderBy(desc(apiTokens.id))
    .limit(limit + 1);
  return cutPage(rows, limit, (row) => row.id);
}

/** Returns whether the user had such a token. */
export async function revokeApiToken(executor: Executor, userId: string, id: string, now: Date): Promise<boolean> {
  const rows = await executor
    .update(apiTokens)
    .set({ revokedAt: now })
    .where(and(eq(apiTokens.id, id), eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt)))
    .returning({ id: apiTokens.id });
  return rows.length > 0;
}
