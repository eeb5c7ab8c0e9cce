import { visibilityRollbackSchema, visibilitySchema } from '@sheaf/contract/visibility';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { requireRole } from '../../current-user.ts';
import { documentedProblem } from '../../plugins/open-api.ts';
import { rollBackVisibility } from '../../use-cases/roll-back-visibility.ts';
import { visibilityJson } from '../../use-cases/visibility-json.ts';
import { changeOf } from './change-of.ts';

export const postVisibilityRollback: ApiRoute = (app, deps) => {
  app.post(
    '/admin/visibility/rollback',
    {
      onRequest: requireRole('administrator'),
      config: {
        idempotent: true,
        documented: {
          400: documentedProblem('The version does not hold any more'),
          404: documentedProblem('There is no such version'),
          409: documentedProblem('Somebody else has changed the configuration meanwhile'),
        },
      },
      schema: {
        tags: ['administration'],
        summary: 'Put an older visibility configuration in force again, as a new version',
        description: 'Version 0 is the default that held before the first change.',
        body: visibilityRollbackSchema,
        response: { 201: visibilitySchema },
      },
    },
    (request, reply) =>
      answerOnce(deps, request, reply, async (tx) => {
        const { version, readVersion, reason } = request.body;
        const changed = await rollBackVisibility(tx, { version, readVersion, reason }, changeOf(request, deps));
        const location = `/api/v1/admin/visibility/versions/${changed.version}`;
        return { status: 201, headers: { location }, body: await visibilityJson(tx, changed) };
      }),
  );
};
