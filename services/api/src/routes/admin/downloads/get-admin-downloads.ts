import { adminDownloadPageSchema, adminDownloadQuerySchema } from '@sheaf/contract/admin-download';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { searchDownloads } from '../../../use-cases/search-downloads.ts';

export const getAdminDownloads: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/downloads',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: "Everybody's downloads, by whatever is known of them",
        description:
          'A call looks at a bounded number of downloads, however many there are: a search for what is rare may give a ' +
          'short page, which says how far it searched, and goes on with `nextCursor`.',
        querystring: adminDownloadQuerySchema,
        response: { 200: adminDownloadPageSchema },
      },
    },
    ({ query }) => searchDownloads(db, query),
  );
};
