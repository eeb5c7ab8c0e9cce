import { visibilityVersionDetailSchema } from '@sheaf/contract/visibility';
import { findVersionBefore, findVisibilityVersion } from '@sheaf/db/visibility/find-visibility-version';
import { visibilityChanges } from '@sheaf/domain/visibility-changes';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { noSuchVersion } from '../../use-cases/roll-back-visibility.ts';
import { visibilityJson } from '../../use-cases/visibility-json.ts';

const paramsSchema = Type.Object({ version: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }) });

export const getVisibilityVersion: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/visibility/versions/:version',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'One version of the visibility configuration, and what it changed',
        params: paramsSchema,
        response: { 200: visibilityVersionDetailSchema },
      },
    },
    async (request) => {
      const { version } = request.params;
      const found = await findVisibilityVersion(db.orm, version);
      if (found === null) throw noSuchVersion();
      const { configuration } = await findVersionBefore(db.orm, version);
      const changes = visibilityChanges(configuration, found.configuration);
      return { ...(await visibilityJson(db.orm, found)), changes };
    },
  );
};
