import type { Retention } from '@sheaf/domain/retention';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { retentionVersions } from '../schema/operations.ts';
import type { RetentionVersion } from './read-retention.ts';

export interface RetentionChange {
  retention: Retention;
  reason: string;
  changedBy: string;
  changedAt: Date;
}

/** Until the caller's transaction ends, nobody else changes the retention; reading goes on. */
export async function lockRetention(tx: Executor): Promise<void> {
  await tx.execute(sql`lock table ${retentionVersions} in share row exclusive mode`);
}

/** Puts a new version in force; older ones are kept. */
export async function writeRetention(tx: Executor, change: RetentionChange): Promise<RetentionVersion> {
  const [row] = await tx.insert(retentionVersions).values(change).returning();
  if (row === undefined) throw new Error('The new retention was not stored.');
  return row;
}
