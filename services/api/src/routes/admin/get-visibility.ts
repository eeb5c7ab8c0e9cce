import { visibilitySchema } from '@sheaf/contract/visibility';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { ApiRoute } from '../../api-deps.ts';
import { requireRole } from '../../current-user.ts';
import { visibilityJson } from '../../use-cases/visibility-json.ts';

export const getVisibility: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/visibility',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags: ['administration'],
        summary: 'The visibility configuration in force',
        response: { 200: visibilitySchema },
      },
    },
    async () => visibilityJson(db.orm, await readVisibility(db.orm)),
  );
};
