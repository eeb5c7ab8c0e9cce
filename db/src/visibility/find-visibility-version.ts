import { desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { visibilityVersions } from '../schema/catalogue.ts';
import { firstVersion, storedVersion, type VisibilityVersion } from './visibility-version.ts';

/** One version, also 0; null when there is none of that number. */
export async function findVisibilityVersion(executor: Executor, version: number): Promise<VisibilityVersion | null> {
  if (version === 0) return firstVersion();
  const [row] = await executor.select().from(visibilityVersions).where(eq(visibilityVersions.version, version));
  return row === undefined ? null : storedVersion(row);
}

/** The version that was in force until this one, which need not be one less: a change that failed takes a number, too. */
export async function findVersionBefore(executor: Executor, version: number): Promise<VisibilityVersion> {
  const [row] = await executor
    .select()
    .from(visibilityVersions)
    .where(lt(visibilityVersions.version, version))
    .orderBy(desc(visibilityVersions.version))
    .limit(1);
  return row === undefined ? firstVersion() : storedVersion(row);
}
