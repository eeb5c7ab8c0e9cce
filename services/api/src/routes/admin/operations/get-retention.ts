import { retentionSchema } from '@sheaf/contract/retention';
import { readRetention } from '@sheaf/db/retention/read-retention';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { retentionJson } from '../../../use-cases/retention-json.ts';

export const getRetention: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/retention',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'How long bundles and messages are kept, by whom and since when',
        response: { 200: retentionSchema },
      },
    },
    async () => retentionJson(db.orm, await readRetention(db.orm)),
  );
};
