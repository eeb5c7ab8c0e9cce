import { pageQuerySchema } from '@sheaf/contract/page';
import { sharedDownloadPageSchema } from '@sheaf/contract/shared-download';
import { listSharedDownloads } from '@sheaf/db/downloads/list-shared-downloads';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';
import { sharedDownloadJson } from '../../use-cases/shared-download-json.ts';

export const getShared: ApiRoute = (app, { db, clock, sealers }) => {
  app.get(
    '/me/shared',
    {
      onRequest: requireActor,
      schema: {
        tags: ['me'],
        summary: "Other people's downloads whose link was sent to my email address, newest first",
        querystring: pageQuerySchema,
        response: { 200: sharedDownloadPageSchema },
      },
    },
    async (request) => {
      const page = await listSharedDownloads(db.orm, currentUser(request).id, pageOf(request.query));
      return pageJson(page, (shared) => sharedDownloadJson(shared, { linkSealer: sealers.link, now: clock() }));
    },
  );
};
