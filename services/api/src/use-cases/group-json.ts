import type { GroupJson, MemberJson } from '@sheaf/contract/group';
import type { Group } from '@sheaf/db/groups/group';
import type { Member } from '@sheaf/db/groups/list-members';
import { AppError } from '@sheaf/domain/app-error';

export function groupJson({ createdAt, updatedAt, ...group }: Group): GroupJson {
  return { ...group, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

export function memberJson({ disabledAt, ...member }: Member): MemberJson {
  return { ...member, disabled: disabledAt !== null };
}

export function noSuchGroup(): AppError {
  return new AppError('resource.not_found', 'There is no such group.');
}
