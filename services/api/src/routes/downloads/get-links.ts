import { usedLinkPageSchema } from '@sheaf/contract/link';
import { pageQuerySchema } from '@sheaf/contract/page';
import { downloadExists } from '@sheaf/db/downloads/download-exists';
import { listLinks } from '@sheaf/db/downloads/list-links';
import { noSuchDownload, scopeOf } from '@sheaf/downloads/download-scope';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';
import { idParamsSchema } from '../id-params.ts';

export const getLinks: ApiRoute = (app, { db }) => {
  app.get(
    '/downloads/:id/links',
    {
      onRequest: requireActor,
      schema: {
        tags: ['downloads'],
        summary: "A download's links, the newest first, with their last use; never the links themselves",
        params: idParamsSchema,
        querystring: pageQuerySchema,
        response: { 200: usedLinkPageSchema },
      },
    },
    async (request) => {
      const downloadId = request.params.id;
      if (!(await downloadExists(db.orm, scopeOf(currentUser(request), downloadId)))) throw noSuchDownload();
      const page = await listLinks(db.orm, { downloadId, ...pageOf(request.query) });
      return pageJson(page, ({ createdAt, expiresAt, revokedAt, lastUsedAt, ...link }) => ({
        ...link,
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        revokedAt: revokedAt?.toISOString() ?? null,
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
      }));
    },
  );
};
