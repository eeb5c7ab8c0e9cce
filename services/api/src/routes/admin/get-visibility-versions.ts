import { pageQuerySchema } from '@sheaf/contract/page';
import { visibilityVersionPageSchema } from '@sheaf/contract/visibility';
import { listVisibilityVersions } from '@sheaf/db/visibility/list-visibility-versions';
import { visibilityChanges } from '@sheaf/domain/visibility-changes';
import { defaultVisibility } from '@sheaf/domain/visibility-configuration';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { decodeNumberCursor, toNumberedPage } from '../../number-cursor.ts';

export const getVisibilityVersions: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/visibility/versions',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'Who changed the visibility configuration, when, and what; newest first',
        querystring: pageQuerySchema,
        response: { 200: visibilityVersionPageSchema },
      },
    },
    async (request) => {
      const { limit = 50, cursor } = request.query;
      const before = decodeNumberCursor(cursor);
      const versions = await listVisibilityVersions(db.orm, { limit: limit + 1, before });
      const listed = versions.map(({ author, changedAt, configuration, version, rolledBackTo }, index) => ({
        version,
        changedBy: author,
        changedAt: changedAt?.toISOString() ?? null,
        rolledBackTo,
        changes: visibilityChanges(versions[index + 1]?.configuration ?? defaultVisibility, configuration),
      }));
      return toNumberedPage(
        listed,
        limit,
        ({ version }) => version,
        (version) => version,
      );
    },
  );
};
