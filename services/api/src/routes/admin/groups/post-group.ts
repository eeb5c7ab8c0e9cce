import { groupFieldsSchema, groupSchema } from '@sheaf/contract/group';
import { answerOnce } from '../../../answer-once.ts';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { addGroup } from '../../../use-cases/add-group.ts';
import { changeOf } from '../change-of.ts';

export const postGroup: ApiRoute = (app, deps) => {
  app.post(
    '/admin/groups',
    {
      onRequest: requireRole('administrator'),
      config: { idempotent: true, documented: { 409: documentedProblem('The name or the claim is taken') } },
      schema: {
        tags: ['administration'],
        summary: 'Make a group',
        body: groupFieldsSchema,
        response: { 201: groupSchema },
      },
    },
    (request, reply) =>
      answerOnce(deps, request, reply, async (tx) => {
        const body = await addGroup(tx, request.body, changeOf(request, deps));
        return { status: 201, headers: { location: `/api/v1/admin/groups/${body.id}` }, body };
      }),
  );
};
