import { bundleHours } from '@sheaf/domain/retention';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import type { Executor } from '../database.ts';
import { readVisibility } from '../visibility/read-visibility.ts';
import { readRetention } from './read-retention.ts';

/** What downloads are decided by: the visibility configuration in force, with the life of bundles that retention says. */
export async function readRules(executor: Executor): Promise<VisibilityConfiguration> {
  const [{ configuration }, { retention }] = await Promise.all([readVisibility(executor), readRetention(executor)]);
  return { ...configuration, linkTtlHours: bundleHours(retention, configuration) };
}
