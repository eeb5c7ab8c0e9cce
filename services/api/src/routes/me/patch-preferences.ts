import { preferencesChangesSchema, preferencesSchema } from '@sheaf/contract/me';
import { updatePreferences } from '@sheaf/db/users/update-preferences';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';

export const patchPreferences: ApiRoute = (app, { db, clock }) => {
  app.patch(
    '/me/preferences',
    {
      onRequest: requireActor,
      config: { auditorMay: true },
      schema: {
        tags: ['me'],
        summary: 'Change my preferences',
        body: preferencesChangesSchema,
        response: { 200: preferencesSchema },
      },
    },
    async (request) => {
      const user = await updatePreferences(db.orm, currentUser(request).id, request.body, clock());
      if (!user) throw new AppError('auth.required', 'This user is no longer there.');
      return { emailNotifications: user.emailNotifications, language: user.language };
    },
  );
};
