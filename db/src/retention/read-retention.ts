import { defaultRetention, type Retention } from '@sheaf/domain/retention';
import { desc } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { retentionVersions } from '../schema/operations.ts';

/** One version of the retention. Version 0, made by nobody, is the default that holds until somebody changes it. */
export interface RetentionVersion {
  version: number;
  retention: Retention;
  reason: string | null;
  changedBy: string | null;
  changedAt: Date | null;
}

/** The version in force: the newest. */
export async function readRetention(executor: Executor): Promise<RetentionVersion> {
  const [newest] = await executor.select().from(retentionVersions).orderBy(desc(retentionVersions.version)).limit(1);
  if (newest === undefined) {
    return { version: 0, retention: defaultRetention, reason: null, changedBy: null, changedAt: null };
  }
  return { ...newest, retention: { ...defaultRetention, ...newest.retention } };
}
