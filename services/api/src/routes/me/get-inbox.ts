import { inboxPageSchema } from '@sheaf/contract/inbox';
import { pageQuerySchema } from '@sheaf/contract/page';
import { countUnread } from '@sheaf/db/inbox/count-unread';
import { listInbox } from '@sheaf/db/inbox/list-inbox';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';

export const getInbox: ApiRoute = (app, { db }) => {
  app.get(
    '/me/inbox',
    {
      onRequest: requireActor,
      schema: {
        tags: ['me'],
        summary: 'My inbox, newest first',
        querystring: pageQuerySchema,
        response: { 200: inboxPageSchema },
      },
    },
    async (request) => {
      const { id } = currentUser(request);
      const [page, unread] = await Promise.all([
        listInbox(db.orm, id, pageOf(request.query)),
        countUnread(db.prepared, id),
      ]);
      const json = pageJson(page, ({ createdAt, readAt, ...item }) => ({
        ...item,
        createdAt: createdAt.toISOString(),
        readAt: readAt?.toISOString() ?? null,
      }));
      return { ...json, unread };
    },
  );
};
