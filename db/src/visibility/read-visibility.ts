import { desc } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { visibilityVersions } from '../schema/catalogue.ts';
import { firstVersion, storedVersion, type VisibilityVersion } from './visibility-version.ts';

/** The version in force: the newest. */
export async function readVisibility(executor: Executor): Promise<VisibilityVersion> {
  const [newest] = await executor.select().from(visibilityVersions).orderBy(desc(visibilityVersions.version)).limit(1);
  return newest === undefined ? firstVersion() : storedVersion(newest);
}
