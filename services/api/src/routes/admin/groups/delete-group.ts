import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { removeGroup } from '../../../use-cases/remove-group.ts';
import { idParamsSchema } from '../../id-params.ts';
import { changeOf } from '../change-of.ts';

export const deleteGroupRoute: ApiRoute = (app, deps) => {
  app.delete(
    '/admin/groups/:id',
    {
      onRequest: requireRole('administrator'),
      config: {
        documented: {
          204: { description: 'The group is gone', type: 'null' },
          409: documentedProblem('A rule of the visibility configuration is about the group'),
        },
      },
      schema: { tags: ['administration'], summary: 'Remove a group', params: idParamsSchema },
    },
    async (request, reply) => {
      await deps.db.transaction((tx) => removeGroup(tx, request.params.id, changeOf(request, deps)));
      return reply.code(204).send();
    },
  );
};
