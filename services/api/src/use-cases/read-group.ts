import type { GroupJson } from '@sheaf/contract/group';
import type { Executor } from '@sheaf/db/database';
import { findGroup } from '@sheaf/db/groups/find-group';
import { groupJson, noSuchGroup } from './group-json.ts';

/** Throws `resource.not_found`. */
export async function readGroup(executor: Executor, groupId: string): Promise<GroupJson> {
  const group = await findGroup(executor, groupId);
  if (group === null) throw noSuchGroup();
  return groupJson(group);
}
