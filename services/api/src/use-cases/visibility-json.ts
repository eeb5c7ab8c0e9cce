import type { VisibilityConfigurationJson, VisibilityJson } from '@sheaf/contract/visibility';
import type { Executor } from '@sheaf/db/database';
import { findUser } from '@sheaf/db/users/find-user';
import type { VisibilityVersion } from '@sheaf/db/visibility/visibility-version';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';

/** A version of the visibility configuration with the name of who made it. */
export async function visibilityJson(executor: Executor, version: VisibilityVersion): Promise<VisibilityJson> {
  const { changedBy, changedAt } = version;
  const author = changedBy === null ? null : await findUser(executor, changedBy);
  return {
    version: version.version,
    configuration: version.configuration,
    rolledBackTo: version.rolledBackTo,
    changedBy: author && { id: author.id, name: author.name },
    changedAt: changedAt?.toISOString() ?? null,
  };
}

/**
 * A configuration as it was sent: what was left out is as in force, since a client that does not know of a setting must
 * not change it, and ids are written as they are stored.
 */
export function configurationOf(
  sent: VisibilityConfigurationJson,
  inForce: VisibilityConfiguration,
): VisibilityConfiguration {
  const groupRules = sent.groupRules?.map((rule) => ({ ...rule, groupId: rule.groupId.toLowerCase() }));
  return { ...inForce, ...sent, groupRules: groupRules ?? inForce.groupRules };
}
