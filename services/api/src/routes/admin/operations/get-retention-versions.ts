import { pageQuerySchema } from '@sheaf/contract/page';
import { retentionVersionPageSchema } from '@sheaf/contract/retention';
import { listRetentionVersions } from '@sheaf/db/retention/list-retention-versions';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { decodeNumberCursor, toNumberedPage } from '../../../number-cursor.ts';

export const getRetentionVersions: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/retention/versions',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'Who changed the retention, when and why; newest first',
        querystring: pageQuerySchema,
        response: { 200: retentionVersionPageSchema },
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      const versions = await listRetentionVersions(db.orm, { limit: limit + 1, before: decodeNumberCursor(cursor) });
      return toNumberedPage(
        versions,
        limit,
        ({ version }) => version,
        ({ version, retention, reason, author, changedAt }) => ({
          version,
          retention,
          reason,
          changedBy: author,
          changedAt: changedAt?.toISOString() ?? null,
        }),
      );
    },
  );
};
