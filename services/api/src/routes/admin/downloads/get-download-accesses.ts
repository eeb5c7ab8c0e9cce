import { accessPageSchema } from '@sheaf/contract/admin-download-detail';
import { pageQuerySchema } from '@sheaf/contract/page';
import { listAccesses } from '@sheaf/db/download-detail/list-accesses';
import { downloadExists } from '@sheaf/db/downloads/download-exists';
import { noSuchDownload } from '@sheaf/downloads/download-scope';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { pageJson } from '../../../cursor.ts';
import { pageOf } from '../../../page-query.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getDownloadAccesses: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/downloads/:id/accesses',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'Who fetched a download, from where and how much, the newest first',
        params: idParamsSchema,
        querystring: pageQuerySchema,
        response: { 200: accessPageSchema },
      },
    },
    async ({ params, query }) => {
      if (!(await downloadExists(db.orm, { downloadId: params.id, requesterId: null }))) throw noSuchDownload();
      const page = await listAccesses(db.orm, params.id, pageOf(query));
      return pageJson(page, ({ at, ...access }) => ({ ...access, at: at.toISOString() }));
    },
  );
};
