import { visibilityChangeSchema, visibilitySchema } from '@sheaf/contract/visibility';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import type { ApiRoute } from '../../api-deps.ts';
import { requireRole } from '../../current-user.ts';
import { documentedProblem } from '../../plugins/open-api.ts';
import { changeVisibility } from '../../use-cases/change-visibility.ts';
import { configurationOf, visibilityJson } from '../../use-cases/visibility-json.ts';
import { changeOf } from './change-of.ts';

export const putVisibility: ApiRoute = (app, deps) => {
  app.put(
    '/admin/visibility',
    {
      onRequest: requireRole('administrator'),
      config: {
        documented: {
          400: documentedProblem('The configuration contradicts itself, or names a group that is not there'),
          409: documentedProblem('Somebody else has changed the configuration meanwhile'),
        },
      },
      schema: {
        tags: ['administration'],
        summary: 'Replace the visibility configuration; every version is kept',
        description:
          '`groupRules`, `licenceAcceptance`, `quota` and `runningPerRequester` stay as in force where they are left out.',
        body: visibilityChangeSchema,
        response: { 200: visibilitySchema },
      },
    },
    async (request) => {
      const { version: readVersion, configuration: sent, reason } = request.body;
      const proposed = {
        configuration: (inForce: VisibilityConfiguration) => configurationOf(sent, inForce),
        readVersion,
        rolledBackTo: null,
        reason,
      };
      const changed = await deps.db.transaction((tx) => changeVisibility(tx, proposed, changeOf(request, deps)));
      return visibilityJson(deps.db.orm, changed);
    },
  );
};
