import { groupChangesSchema, groupSchema } from '@sheaf/contract/group';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { changeGroup } from '../../../use-cases/change-group.ts';
import { idParamsSchema } from '../../id-params.ts';
import { changeOf } from '../change-of.ts';

export const patchGroup: ApiRoute = (app, deps) => {
  app.patch(
    '/admin/groups/:id',
    {
      onRequest: requireRole('administrator'),
      config: { documented: { 409: documentedProblem('The name or the claim is taken') } },
      schema: {
        tags: ['administration'],
        summary: 'Change a group',
        description:
          'Members by the old claim stay until their next sign-in decides by the new one; those by hand stay for good.',
        params: idParamsSchema,
        body: groupChangesSchema,
        response: { 200: groupSchema },
      },
    },
    (request) =>
      deps.db.transaction((tx) =>
        changeGroup(tx, { groupId: request.params.id, changes: request.body }, changeOf(request, deps)),
      ),
  );
};
