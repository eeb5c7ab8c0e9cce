import { desc, lte } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { visibilityVersions } from '../schema/catalogue.ts';
import { firstVersion, storedVersion, type VisibilityVersion } from './visibility-version.ts';

/** The version that was in force at a time: for one to come, the one in force now. */
export async function readVisibilityAt(executor: Executor, at: Date): Promise<VisibilityVersion> {
  const [newest] = await executor
    .select()
    .from(visibilityVersions)
    .where(lte(visibilityVersions.changedAt, at))
    .orderBy(desc(visibilityVersions.version))
    .limit(1);
  return newest === undefined ? firstVersion() : storedVersion(newest);
}
