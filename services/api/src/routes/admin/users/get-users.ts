import { userPageSchema, userQuerySchema } from '@sheaf/contract/user';
import { listAccounts } from '@sheaf/db/users/list-accounts';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { pageJson } from '../../../cursor.ts';
import { pageOf } from '../../../page-query.ts';
import { userJson } from '../../../use-cases/user-json.ts';

export const getUsers: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/users',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'Users, newest first, disabled ones too',
        querystring: userQuerySchema,
        response: { 200: userPageSchema },
      },
    },
    async ({ query }) => {
      const { q, groupId, role } = query;
      return pageJson(await listAccounts(db.orm, { q, groupId, role, ...pageOf(query) }), userJson);
    },
  );
};
