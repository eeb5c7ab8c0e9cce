import type { Executor } from '@sheaf/db/database';
import { findVisibilityVersion } from '@sheaf/db/visibility/find-visibility-version';
import type { VisibilityVersion } from '@sheaf/db/visibility/visibility-version';
import { AppError } from '@sheaf/domain/app-error';
import { invalidInput } from '../schema-validator.ts';
import type { AdministrativeChange } from './administrative-change.ts';
import { changeVisibility } from './change-visibility.ts';

export interface Rollback {
  version: number;
  readVersion: number | undefined;
  reason: string | undefined;
}

/**
 * Puts an older configuration in force again, as a new version. In a transaction. Throws `resource.not_found` where there
 * is no such version, `input.invalid` at `/version` where it does not hold any more because a group that it names is
 * gone, say, and `resource.conflict` as `changeVisibility` does.
 */
export async function rollBackVisibility(
  tx: Executor,
  { version, readVersion, reason }: Rollback,
  change: AdministrativeChange,
): Promise<VisibilityVersion> {
  const found = await findVisibilityVersion(tx, version);
  if (found === null) throw noSuchVersion();
  const { configuration } = found;
  try {
    return await changeVisibility(
      tx,
      { configuration: () => configuration, readVersion, rolledBackTo: version, reason },
      change,
    );
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'input.invalid') throw error;
    const errors = error.detail.errors as { path: string; message: string }[];
    throw invalidInput(
      errors.map(({ path, message }) => ({ path: '/version', message: `does not hold any more: ${path} ${message}` })),
    );
  }
}

export function noSuchVersion(): AppError {
  return new AppError('resource.not_found', 'There is no such version of the visibility configuration.');
}
