import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { takeMemberOut } from '../../../use-cases/change-membership.ts';
import { changeOf } from '../change-of.ts';
import { memberParamsSchema } from './member-params.ts';

export const deleteMember: ApiRoute = (app, deps) => {
  app.delete(
    '/admin/groups/:id/members/:userId',
    {
      onRequest: requireRole('administrator'),
      config: {
        documented: {
          204: { description: 'The user is not a member any more', type: 'null' },
          409: documentedProblem('The identity provider says that the user is a member'),
        },
      },
      schema: { tags: ['administration'], summary: 'Take a user out of a group', params: memberParamsSchema },
    },
    async (request, reply) => {
      const { id: groupId, userId } = request.params;
      await deps.db.transaction((tx) => takeMemberOut(tx, { groupId, userId }, changeOf(request, deps)));
      return reply.code(204).send();
    },
  );
};
