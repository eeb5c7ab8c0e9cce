import { userSchema } from '@sheaf/contract/user';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { readUser } from '../../../use-cases/user-json.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getUser: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/users/:id',
    {
      onRequest: requireReader,
      schema: { tags: ['administration'], summary: 'A user', params: idParamsSchema, response: { 200: userSchema } },
    },
    ({ params }) => readUser(db.orm, params.id),
  );
};
