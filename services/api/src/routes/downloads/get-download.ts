import { downloadSchema } from '@sheaf/contract/download';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { getDownload } from '../../use-cases/get-download.ts';
import { idParamsSchema } from '../id-params.ts';

export const getDownloadRoute: ApiRoute = (app, { db, clock, sealers }) => {
  app.get(
    '/downloads/:id',
    {
      onRequest: requireActor,
      schema: {
        tags: ['downloads'],
        summary: 'One download with its progress and, when ready, its bundle',
        params: idParamsSchema,
        response: { 200: downloadSchema },
      },
    },
    (request) =>
      getDownload(db.orm, {
        actor: currentUser(request),
        downloadId: request.params.id,
        linkSealer: sealers.link,
        now: clock(),
      }),
  );
};
