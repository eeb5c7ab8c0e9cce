import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { sendFile } from '../../file-delivery/send-file.ts';
import { openLicenceDocument } from '../../use-cases/open-licence-document.ts';
import { idParamsSchema } from '../id-params.ts';

export const getLicenceDocument: ApiRoute = (app, { db, storage, clock }) => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/licences/:id/document',
    onRequest: requireActor,
    schema: { tags: ['licences'], summary: 'The PDF of an approved licence', params: idParamsSchema },
    handler: async (request, reply) => {
      const question = { licenceId: request.params.id, actor: currentUser(request), now: clock() };
      return sendFile(request, reply, await openLicenceDocument({ executor: db.orm, storage }, question), null);
    },
  });
};
