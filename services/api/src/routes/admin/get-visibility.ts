import { visibilityQuerySchema, visibilitySchema } from '@sheaf/contract/visibility';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { readVisibilityAt } from '@sheaf/db/visibility/read-visibility-at';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { parseTime } from '../../schema-validator.ts';
import { visibilityJson } from '../../use-cases/visibility-json.ts';

export const getVisibility: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/visibility',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'The visibility configuration in force, now or at another time',
        querystring: visibilityQuerySchema,
        response: { 200: visibilitySchema },
      },
    },
    async (request) => {
      const { at } = request.query;
      const version =
        at === undefined ? await readVisibility(db.orm) : await readVisibilityAt(db.orm, parseTime(at, '/at'));
      return visibilityJson(db.orm, version);
    },
  );
};
