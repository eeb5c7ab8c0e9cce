import { meSchema } from '@sheaf/contract/me';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { readMe } from '../../use-cases/read-me.ts';

export const getMe: ApiRoute = (app, { db, settings, clock }) => {
  app.get(
    '/me',
    { onRequest: requireActor, schema: { tags: ['me'], summary: 'Who I am', response: { 200: meSchema } } },
    (request) => readMe(db.orm, { user: currentUser(request), settings, now: clock() }),
  );
};
