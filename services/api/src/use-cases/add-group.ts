import type { GroupFieldsJson, GroupJson } from '@sheaf/contract/group';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { insertGroup } from '@sheaf/db/groups/insert-group';
import type { AdministrativeChange } from './administrative-change.ts';
import { readGroup } from './read-group.ts';

/** Makes a group, in a transaction. Throws `resource.conflict` where its name or claim is taken. */
export async function addGroup(
  tx: Executor,
  fields: GroupFieldsJson,
  { now, told }: AdministrativeChange,
): Promise<GroupJson> {
  const { claim = null, dynamicRenditions = false, quota = null } = fields;
  const after = { name: fields.name.trim(), claim, dynamicRenditions, quota };
  const groupId = await insertGroup(tx, after, now);
  await appendAuditEvent(tx, told({ action: 'group.created', detail: { groupId, after } }));
  return readGroup(tx, groupId);
}
