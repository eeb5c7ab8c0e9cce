import { defaultVisibility, type VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import type { visibilityVersions } from '../schema/catalogue.ts';

/** One version of the configuration. Version 0, made by nobody, is the default that holds until somebody changes it. */
export interface VisibilityVersion {
  version: number;
  configuration: VisibilityConfiguration;
  /** The version that it brought back; null for a change of its own. */
  rolledBackTo: number | null;
  changedBy: string | null;
  changedAt: Date | null;
}

export function firstVersion(): VisibilityVersion {
  return { version: 0, configuration: completed({}), rolledBackTo: null, changedBy: null, changedAt: null };
}

/** What a stored version does not say, because it is older than a switch, is as by default. */
export function storedVersion(row: typeof visibilityVersions.$inferSelect): VisibilityVersion {
  return { ...row, configuration: completed(row.configuration) };
}

function completed(stored: Partial<VisibilityConfiguration>): VisibilityConfiguration {
  return {
    ...defaultVisibility,
    ...stored,
    background: { ...defaultVisibility.background, ...stored.background },
    quota: { ...defaultVisibility.quota, ...stored.quota },
  };
}
