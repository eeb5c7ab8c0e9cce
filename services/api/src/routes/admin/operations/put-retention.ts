import { retentionChangeSchema, retentionSchema } from '@sheaf/contract/retention';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { changeRetention } from '../../../use-cases/change-retention.ts';
import { retentionJson } from '../../../use-cases/retention-json.ts';
import { changeOf } from '../change-of.ts';

export const putRetention: ApiRoute = (app, deps) => {
  app.put(
    '/admin/retention',
    {
      onRequest: requireRole('administrator'),
      config: { documented: { 409: documentedProblem('Somebody else has changed the retention meanwhile') } },
      schema: {
        tags: ['administration'],
        summary: 'Replace the retention; every version is kept. What is older than it allows ends at once',
        body: retentionChangeSchema,
        response: { 200: retentionSchema },
      },
    },
    async (request) => {
      const change = { ...request.body, reason: request.body.reason.trim() };
      const changed = await deps.db.transaction((tx) => changeRetention(tx, change, changeOf(request, deps)));
      return retentionJson(deps.db.orm, changed);
    },
  );
};
