import { adminDownloadDetailSchema } from '@sheaf/contract/admin-download-detail';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { readDownloadDetail } from '../../../use-cases/read-download-detail.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getDownloadDetail: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/downloads/:id',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'Everything about one download but its items and accesses, which have lists',
        params: idParamsSchema,
        response: { 200: adminDownloadDetailSchema },
      },
    },
    ({ params }) => readDownloadDetail(db.orm, params.id),
  );
};
