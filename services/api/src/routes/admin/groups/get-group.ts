import { groupSchema } from '@sheaf/contract/group';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { readGroup } from '../../../use-cases/read-group.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getGroup: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/groups/:id',
    {
      onRequest: requireReader,
      schema: { tags: ['administration'], summary: 'A group', params: idParamsSchema, response: { 200: groupSchema } },
    },
    ({ params }) => readGroup(db.orm, params.id),
  );
};
