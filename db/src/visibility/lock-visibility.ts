import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { visibilityVersions } from '../schema/catalogue.ts';

/** Until the caller's transaction ends, nobody else changes the configuration; reading goes on. */
export async function lockVisibility(tx: Executor): Promise<void> {
  await tx.execute(sql`lock table ${visibilityVersions} in share row exclusive mode`);
}
