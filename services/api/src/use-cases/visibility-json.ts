import type { VisibilityJson } from '@sheaf/contract/visibility';
import type { Executor } from '@sheaf/db/database';
import { findUser } from '@sheaf/db/users/find-user';
import type { VisibilityVersion } from '@sheaf/db/visibility/read-visibility';

/** A version of the visibility configuration with the name of who made it. */
export async function visibilityJson(
  executor: Executor,
  { version, configuration, changedBy, changedAt }: VisibilityVersion,
): Promise<VisibilityJson> {
  const author = changedBy === null ? null : await findUser(executor, changedBy);
  return {
    version,
    configuration,
    changedBy: author && { id: author.id, name: author.name },
    changedAt: changedAt?.toISOString() ?? null,
  };
}
