import type { Executor } from '../database.ts';
import { toQuotaRow } from '../quotas/quota-row.ts';
import { newId } from '../schema/columns.ts';
import { groups } from '../schema/groups.ts';
import type { GroupFields } from './group.ts';
import { refusingTaken } from './refusing-taken.ts';

/** Returns the group's id. Throws `resource.conflict` where the name (in any case) or the claim is taken. */
export async function insertGroup(executor: Executor, group: GroupFields, now: Date): Promise<string> {
  const { name, claim, dynamicRenditions, quota } = group;
  const id = newId();
  await refusingTaken(
    executor
      .insert(groups)
      .values({ id, name, claim, dynamicRenditions, ...toQuotaRow(quota), createdAt: now, updatedAt: now }),
  );
  return id;
}
