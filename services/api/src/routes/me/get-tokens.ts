import { apiTokenPageSchema } from '@sheaf/contract/api-token';
import { pageQuerySchema } from '@sheaf/contract/page';
import { listApiTokens } from '@sheaf/db/users/api-tokens';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';
import { apiTokenJson } from './api-token-json.ts';

export const getTokens: ApiRoute = (app, { db }) => {
  app.get(
    '/me/tokens',
    {
      onRequest: requireActor,
      schema: {
        tags: ['me'],
        summary: 'My personal API tokens, newest first, without the tokens themselves',
        querystring: pageQuerySchema,
        response: { 200: apiTokenPageSchema },
      },
    },
    async (request) =>
      pageJson(await listApiTokens(db.orm, currentUser(request).id, pageOf(request.query)), apiTokenJson),
  );
};
