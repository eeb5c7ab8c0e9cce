import type { Executor } from '@sheaf/db/database';
import { lockVisibility } from '@sheaf/db/visibility/lock-visibility';
import { readVisibility, type VisibilityVersion } from '@sheaf/db/visibility/read-visibility';
import { type VisibilityChange, writeVisibility } from '@sheaf/db/visibility/write-visibility';
import { AppError } from '@sheaf/domain/app-error';

/**
 * Puts a new configuration in force. In a transaction. Throws `resource.conflict` when `readVersion`, which the change
 * was made from, is no longer the one in force.
 */
export async function changeVisibility(
  tx: Executor,
  { readVersion, ...change }: VisibilityChange & { readVersion: number | undefined },
): Promise<VisibilityVersion> {
  if (readVersion !== undefined) {
    await lockVisibility(tx);
    const { version } = await readVisibility(tx);
    if (version !== readVersion) {
      throw new AppError('resource.conflict', 'Somebody else has changed the configuration meanwhile.', {
        detail: { state: { version } },
      });
    }
  }
  return writeVisibility(tx, change);
}
