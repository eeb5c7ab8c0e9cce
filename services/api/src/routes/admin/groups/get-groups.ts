import { groupPageSchema, groupQuerySchema } from '@sheaf/contract/group';
import { listGroups } from '@sheaf/db/groups/list-groups';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { pageJson } from '../../../cursor.ts';
import { pageOf } from '../../../page-query.ts';
import { groupJson } from '../../../use-cases/group-json.ts';

export const getGroups: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/groups',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'Groups of users, newest first',
        querystring: groupQuerySchema,
        response: { 200: groupPageSchema },
      },
    },
    async ({ query }) => pageJson(await listGroups(db.orm, { q: query.q, ...pageOf(query) }), groupJson),
  );
};
