import { licenceSchema } from '@sheaf/contract/licence';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { readLicence } from '../../use-cases/read-licence.ts';
import { idParamsSchema } from '../id-params.ts';

export const getLicence: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/licences/:id',
    {
      onRequest: requireActor,
      schema: {
        tags: ['licences'],
        summary: 'One licence',
        params: idParamsSchema,
        response: { 200: licenceSchema },
      },
    },
    (request) => readLicence(db.orm, { licenceId: request.params.id, actor: currentUser(request), now: clock() }),
  );
};
