import { acceptancePageSchema } from '@sheaf/contract/acceptance';
import { pageQuerySchema } from '@sheaf/contract/page';
import { listAcceptances } from '@sheaf/db/catalogue/list-acceptances';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';
import { acceptanceJson } from '../../use-cases/acceptance-json.ts';

export const getAcceptances: ApiRoute = (app, { db }) => {
  app.get(
    '/me/acceptances',
    {
      onRequest: requireActor,
      schema: {
        tags: ['me'],
        summary: 'The terms that I have accepted, newest first',
        querystring: pageQuerySchema,
        response: { 200: acceptancePageSchema },
      },
    },
    async (request) =>
      pageJson(
        await listAcceptances(db.orm, { userId: currentUser(request).id, ...pageOf(request.query) }),
        acceptanceJson,
      ),
  );
};
