import { meSchema } from '@sheaf/contract/me';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';

export const getMe: ApiRoute = (app) => {
  app.get(
    '/me',
    { onRequest: requireActor, schema: { tags: ['me'], summary: 'Who I am', response: { 200: meSchema } } },
    async (request) => currentUser(request),
  );
};
