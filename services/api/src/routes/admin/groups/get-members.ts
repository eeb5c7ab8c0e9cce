import { memberPageSchema } from '@sheaf/contract/group';
import { pageQuerySchema } from '@sheaf/contract/page';
import { findGroup } from '@sheaf/db/groups/find-group';
import { listMembers } from '@sheaf/db/groups/list-members';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { pageJson } from '../../../cursor.ts';
import { pageOf } from '../../../page-query.ts';
import { memberJson, noSuchGroup } from '../../../use-cases/group-json.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getMembers: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/groups/:id/members',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: "A group's members, oldest users first",
        params: idParamsSchema,
        querystring: pageQuerySchema,
        response: { 200: memberPageSchema },
      },
    },
    async ({ params, query }) => {
      if ((await findGroup(db.orm, params.id)) === null) throw noSuchGroup();
      return pageJson(await listMembers(db.orm, params.id, pageOf(query)), memberJson);
    },
  );
};
