import type { ApiRoute } from '../../../api-deps.ts';
import { deleteGroupRoute } from './delete-group.ts';
import { deleteMember } from './delete-member.ts';
import { getGroup } from './get-group.ts';
import { getGroups } from './get-groups.ts';
import { getMembers } from './get-members.ts';
import { patchGroup } from './patch-group.ts';
import { postGroup } from './post-group.ts';
import { putMemberRoute } from './put-member.ts';

export const groupRoutes: ApiRoute[] = [
  getGroups,
  postGroup,
  getGroup,
  patchGroup,
  deleteGroupRoute,
  getMembers,
  putMemberRoute,
  deleteMember,
];
