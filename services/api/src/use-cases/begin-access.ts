import type { Executor } from '@sheaf/db/database';
import * as accesses from '@sheaf/db/downloads/begin-access';
import { thumbnailName } from '@sheaf/domain/asset-visibility';
import type { Rendition } from '@sheaf/domain/rendition';
import { quotaExceeded } from '@sheaf/downloads/assert-quota';

/** Whether a file that is sent as it is counts against quotas: the portal's own pictures do not. */
export function isCharged({ kind, name }: Pick<Rendition, 'kind' | 'name'>): boolean {
  return !(kind === 'static' && name === thumbnailName);
}

/**
 * Writes down what is about to be sent to whom, before the first byte. What is charged is taken out of the user's
 * quotas by the same statement; throws `quota.exceeded` where they have no room for it.
 */
export async function beginAccess(executor: Executor, access: accesses.BegunAccess): Promise<void> {
  const refusal = await accesses.beginAccess(executor, access);
  if (refusal !== null) throw quotaExceeded(refusal);
}
