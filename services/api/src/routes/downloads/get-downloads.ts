import { downloadListQuerySchema, downloadPageSchema } from '@sheaf/contract/download';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { listDownloads } from '../../use-cases/list-downloads.ts';

export const getDownloads: ApiRoute = (app, { db, clock, sealers }) => {
  app.get(
    '/downloads',
    {
      onRequest: requireActor,
      schema: {
        tags: ['downloads'],
        summary: 'Downloads, the newest first',
        description: "The caller's own; for administrators also those of another `requester`, or of `all`.",
        querystring: downloadListQuerySchema,
        response: { 200: downloadPageSchema },
      },
    },
    (request) =>
      listDownloads(db.orm, {
        actor: currentUser(request),
        query: request.query,
        linkSealer: sealers.link,
        now: clock(),
      }),
  );
};
