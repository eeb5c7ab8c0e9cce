import { keptMailPageSchema } from '@sheaf/contract/kept-mail';
import { pageQuerySchema } from '@sheaf/contract/page';
import { listKeptMails } from '@sheaf/db/inbox/list-kept-mails';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';

export const getMails: ApiRoute = (app, { db }) => {
  app.get(
    '/me/mails',
    {
      onRequest: requireActor,
      schema: {
        tags: ['me'],
        summary: 'Messages that were kept because no mail server is set up',
        querystring: pageQuerySchema,
        response: { 200: keptMailPageSchema },
      },
    },
    async (request) => {
      const page = await listKeptMails(db.orm, currentUser(request), pageOf(request.query));
      return pageJson(page, ({ createdAt, ...mail }) => ({ ...mail, createdAt: createdAt.toISOString() }));
    },
  );
};
