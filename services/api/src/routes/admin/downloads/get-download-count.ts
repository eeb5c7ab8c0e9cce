import { adminDownloadCountSchema, adminDownloadFilterSchema } from '@sheaf/contract/admin-download';
import { countDownloads } from '@sheaf/db/download-search/count-downloads';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { toSearch } from '../../../use-cases/download-filter.ts';

export const getDownloadCount: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/downloads/count',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'How many downloads a filter finds, as far as that can be had quickly',
        description: 'Exact up to 10,000 where an index has it; else the least that there are.',
        querystring: adminDownloadFilterSchema,
        response: { 200: adminDownloadCountSchema },
      },
    },
    async ({ query }) => {
      const { value, exact } = await countDownloads(db, toSearch(query));
      return { count: value, exact };
    },
  );
};
