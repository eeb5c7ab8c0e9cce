import type { RetentionVersionJson } from '@sheaf/contract/retention';
import type { Executor } from '@sheaf/db/database';
import type { RetentionVersion } from '@sheaf/db/retention/read-retention';
import { findUser } from '@sheaf/db/users/find-user';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { bundleHours } from '@sheaf/domain/retention';

/** A version of the retention with the name of who made it. */
export async function retentionJson(executor: Executor, version: RetentionVersion): Promise<RetentionVersionJson> {
  const [author, { configuration }] = await Promise.all([
    version.changedBy === null ? null : findUser(executor, version.changedBy),
    readVisibility(executor),
  ]);
  return {
    version: version.version,
    retention: version.retention,
    reason: version.reason,
    changedBy: author && { id: author.id, name: author.name },
    changedAt: version.changedAt?.toISOString() ?? null,
    inForce: { bundleHours: bundleHours(version.retention, configuration) },
  };
}
