import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { deleteGroup } from '@sheaf/db/groups/delete-group';
import { lockGroup } from '@sheaf/db/groups/find-group';
import { lockVisibility } from '@sheaf/db/visibility/lock-visibility';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { AppError } from '@sheaf/domain/app-error';
import type { GroupRule } from '@sheaf/domain/group-rule';
import type { AdministrativeChange } from './administrative-change.ts';
import { fieldsOf } from './change-group.ts';
import { noSuchGroup } from './group-json.ts';

/**
 * Removes a group with its memberships, in a transaction. Throws `resource.not_found`, and `resource.conflict` naming the
 * rule while one of the visibility configuration in force is about the group.
 */
export async function removeGroup(tx: Executor, groupId: string, { told }: AdministrativeChange): Promise<void> {
  await lockVisibility(tx);
  const group = await lockGroup(tx, groupId);
  if (group === null) throw noSuchGroup();
  const { version, configuration } = await readVisibility(tx);
  const index = configuration.groupRules.findIndex((rule) => rule.groupId === groupId);
  const rule = configuration.groupRules[index];
  if (rule !== undefined) {
    throw new AppError(
      'resource.conflict',
      `Rule ${index + 1} of the visibility configuration is about this group: ${ruleText(rule)}. Take it out first.`,
      { detail: { state: { version, rule: { index, ...rule } } } },
    );
  }
  await deleteGroup(tx, groupId);
  const before = { ...fieldsOf(group), members: group.members };
  await appendAuditEvent(tx, told({ action: 'group.deleted', detail: { groupId, before } }));
}

function ruleText({ effect, kinds, name }: GroupRule): string {
  const what = kinds.length === 0 ? 'renditions of every kind' : kinds.join(', ');
  return `${effect} ${what}${name === null ? '' : ` named "${name}"`}`;
}
