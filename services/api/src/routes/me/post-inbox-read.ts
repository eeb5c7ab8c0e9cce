import { inboxReadSchema } from '@sheaf/contract/inbox';
import { markInboxRead } from '@sheaf/db/inbox/mark-inbox-read';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';

export const postInboxRead: ApiRoute = (app, { db, clock }) => {
  app.post(
    '/me/inbox/read',
    {
      onRequest: requireActor,
      config: { auditorMay: true },
      schema: {
        tags: ['me'],
        summary: 'Mark all entries as read, up to the newest that was seen',
        body: inboxReadSchema,
        response: { 200: Type.Object({ marked: Type.Integer() }) },
      },
    },
    async (request) => {
      const { upTo } = request.body;
      return { marked: await markInboxRead(db.orm, { userId: currentUser(request).id, upTo, now: clock() }) };
    },
  );
};
