import { defaultVisibility, type VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import { desc } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { visibilityVersions } from '../schema/catalogue.ts';

/** The configuration in force. Version 0, changed by nobody, is the default that holds until somebody changes it. */
export interface VisibilityVersion {
  version: number;
  configuration: VisibilityConfiguration;
  changedBy: string | null;
  changedAt: Date | null;
}

/** The newest version. What it does not say, because it is older than a switch, is as by default. */
export async function readVisibility(executor: Executor): Promise<VisibilityVersion> {
  const [newest] = await executor.select().from(visibilityVersions).orderBy(desc(visibilityVersions.version)).limit(1);
  if (newest === undefined) {
    return { version: 0, configuration: completed({}), changedBy: null, changedAt: null };
  }
  return { ...newest, configuration: completed(newest.configuration) };
}

function completed(stored: Partial<VisibilityConfiguration>): VisibilityConfiguration {
  const background = { ...defaultVisibility.background, ...stored.background };
  return { ...defaultVisibility, ...stored, background };
}
