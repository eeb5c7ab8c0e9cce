import { and, eq, isNull, lt, or } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { apiTokens } from '../schema/auth.ts';

/** Records that a token is in use; does nothing when that was recorded after `unlessSince`. */
export async function touchApiToken(executor: Executor, id: string, now: Date, unlessSince: Date): Promise<void> {
  await executor
    .update(apiTokens)
    .set({ lastUsedAt: now })
    .where(and(eq(apiTokens.id, id), or(isNull(apiTokens.lastUsedAt), lt(apiTokens.lastUsedAt, unlessSince))));
}
