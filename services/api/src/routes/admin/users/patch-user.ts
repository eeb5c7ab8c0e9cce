import { userChangesSchema, userSchema } from '@sheaf/contract/user';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { changeUser } from '../../../use-cases/change-user.ts';
import { idParamsSchema } from '../../id-params.ts';
import { changeOf } from '../change-of.ts';

export const patchUser: ApiRoute = (app, deps) => {
  app.patch(
    '/admin/users/:id',
    {
      onRequest: requireRole('administrator'),
      config: { documented: { 409: documentedProblem('It would lock this or every administrator out') } },
      schema: {
        tags: ['administration'],
        summary: 'Change a user',
        params: idParamsSchema,
        body: userChangesSchema,
        response: { 200: userSchema },
      },
    },
    (request) =>
      deps.db.transaction((tx) =>
        changeUser(tx, { userId: request.params.id, changes: request.body }, changeOf(request, deps)),
      ),
  );
};
