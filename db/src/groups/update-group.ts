import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { toQuotaRow } from '../quotas/quota-row.ts';
import { groups } from '../schema/groups.ts';
import type { GroupFields } from './group.ts';
import { refusingTaken } from './refusing-taken.ts';

/** What is absent stays as it is. */
export type GroupChanges = { [K in keyof GroupFields]?: GroupFields[K] | undefined };

/**
 * Changes a group. Whoever is a member by its claim stays one under a new claim until their next sign-in decides anew:
 * rules that deny something to the group must not cease to hold for all of them meanwhile. Give it a group that is
 * there. Throws `resource.conflict` where the name or the claim is taken.
 */
export async function updateGroup(tx: Executor, id: string, changes: GroupChanges, now: Date): Promise<void> {
  const { quota, ...fields } = changes;
  await refusingTaken(
    tx
      .update(groups)
      .set({ ...fields, ...(quota !== undefined && toQuotaRow(quota)), updatedAt: now })
      .where(eq(groups.id, id)),
  );
}
