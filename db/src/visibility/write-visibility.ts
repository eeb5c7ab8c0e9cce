import { AppError } from '@sheaf/domain/app-error';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import { visibilityProblems } from '@sheaf/domain/visibility-problems';
import type { Executor } from '../database.ts';
import { loadGroupNames } from '../groups/load-group-names.ts';
import { visibilityVersions } from '../schema/catalogue.ts';
import { storedVersion, type VisibilityVersion } from './visibility-version.ts';

export interface VisibilityChange {
  configuration: VisibilityConfiguration;
  /** The version that this one brings back; absent for a change of its own. */
  rolledBackTo?: number | null;
  changedBy: string | null;
  changedAt: Date;
}

/** Puts a new version in force; older ones are kept. Throws `input.invalid` with everything that contradicts itself. */
export async function writeVisibility(executor: Executor, change: VisibilityChange): Promise<VisibilityVersion> {
  await assertConsistent(executor, change.configuration);
  const [row] = await executor.insert(visibilityVersions).values(change).returning();
  if (row === undefined) throw new Error('The new visibility configuration was not stored.');
  return storedVersion(row);
}

/** Throws `input.invalid` with all that is wrong with a configuration: with itself, or with the groups that there are. */
export async function assertConsistent(executor: Executor, configuration: VisibilityConfiguration): Promise<void> {
  const names = await loadGroupNames(
    executor,
    configuration.groupRules.map(({ groupId }) => groupId),
  );
  const errors = visibilityProblems(configuration, new Set(names.keys())).map(({ path, message }) => ({
    path: `/configuration${path}`,
    message,
  }));
  const [first] = errors;
  if (first === undefined) return;
  throw new AppError('input.invalid', `The configuration is not valid. ${first.path} ${first.message}.`, {
    detail: { errors },
  });
}
