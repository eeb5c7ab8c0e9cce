import { visibilityChangeSchema, visibilitySchema } from '@sheaf/contract/visibility';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireRole } from '../../current-user.ts';
import { changeVisibility } from '../../use-cases/change-visibility.ts';
import { visibilityJson } from '../../use-cases/visibility-json.ts';

export const putVisibility: ApiRoute = (app, { db, clock }) => {
  app.put(
    '/admin/visibility',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags: ['administration'],
        summary: 'Replace the visibility configuration; every version is kept',
        body: visibilityChangeSchema,
        response: { 200: visibilitySchema },
      },
    },
    async (request) => {
      const { version, configuration } = request.body;
      const changed = await db.transaction((tx) =>
        changeVisibility(tx, {
          configuration,
          readVersion: version,
          changedBy: currentUser(request).id,
          changedAt: clock(),
        }),
      );
      return visibilityJson(db.orm, changed);
    },
  );
};
