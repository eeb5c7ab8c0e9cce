import { AppError } from '@sheaf/domain/app-error';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import type { Executor } from '../database.ts';
import { visibilityVersions } from '../schema/catalogue.ts';
import type { VisibilityVersion } from './read-visibility.ts';

export interface VisibilityChange {
  configuration: VisibilityConfiguration;
  changedBy: string | null;
  changedAt: Date;
}

/**
 * Puts a new version in force; older ones are kept. Throws `input.invalid` where expired assets would be
 * downloadable without being visible (rule 8), and for the choice of rendition names for several assets.
 */
export async function writeVisibility(executor: Executor, change: VisibilityChange): Promise<VisibilityVersion> {
  if (change.configuration.expiredDownloadable && !change.configuration.expiredVisible) {
    const message = 'Expired assets can be downloaded only where they are visible.';
    throw refused('expiredDownloadable', message);
  }
  if (change.configuration.multiSelectRenditionNames) {
    throw refused('multiSelectRenditionNames', 'This version cannot choose rendition names for several assets.');
  }
  const [version] = await executor.insert(visibilityVersions).values(change).returning();
  if (version === undefined) throw new Error('The new visibility configuration was not stored.');
  return version;
}

function refused(field: keyof VisibilityConfiguration, message: string): AppError {
  return new AppError('input.invalid', message, { detail: { errors: [{ path: `/configuration/${field}`, message }] } });
}
