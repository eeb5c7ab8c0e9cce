import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { putMember } from '../../../use-cases/change-membership.ts';
import { changeOf } from '../change-of.ts';
import { memberParamsSchema } from './member-params.ts';

export const putMemberRoute: ApiRoute = (app, deps) => {
  app.put(
    '/admin/groups/:id/members/:userId',
    {
      onRequest: requireRole('administrator'),
      config: { documented: { 204: { description: 'The user is a member, by hand', type: 'null' } } },
      schema: { tags: ['administration'], summary: 'Put a user into a group', params: memberParamsSchema },
    },
    async (request, reply) => {
      const { id: groupId, userId } = request.params;
      await deps.db.transaction((tx) => putMember(tx, { groupId, userId }, changeOf(request, deps)));
      return reply.code(204).send();
    },
  );
};
