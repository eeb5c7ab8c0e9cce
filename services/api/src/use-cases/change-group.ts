import type { GroupChangesJson, GroupJson } from '@sheaf/contract/group';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { lockGroup } from '@sheaf/db/groups/find-group';
import type { Group, GroupFields } from '@sheaf/db/groups/group';
import { updateGroup } from '@sheaf/db/groups/update-group';
import type { AdministrativeChange } from './administrative-change.ts';
import { noSuchGroup } from './group-json.ts';
import { readGroup } from './read-group.ts';

/**
 * Changes a group, in a transaction. Members by the old claim stay until their next sign-in decides by the new one. Throws
 * `resource.not_found`, and `resource.conflict` where the name or the claim is taken.
 */
export async function changeGroup(
  tx: Executor,
  { groupId, changes }: { groupId: string; changes: GroupChangesJson },
  { now, told }: AdministrativeChange,
): Promise<GroupJson> {
  const before = await lockGroup(tx, groupId);
  if (before === null) throw noSuchGroup();
  await updateGroup(tx, groupId, { ...changes, name: changes.name?.trim() }, now);
  const after = await readGroup(tx, groupId);
  await appendAuditEvent(
    tx,
    told({ action: 'group.changed', detail: { groupId, before: fieldsOf(before), after: fieldsOf(after) } }),
  );
  return after;
}

export function fieldsOf({ name, claim, dynamicRenditions, quota }: Group | GroupJson): GroupFields {
  return { name, claim, dynamicRenditions, quota };
}
