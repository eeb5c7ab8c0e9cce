import { idSchema } from '@sheaf/contract/scalars';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { sendFile } from '../../file-delivery/send-file.ts';
import { openLicenceVersion } from '../../use-cases/open-licence-version.ts';

const paramsSchema = Type.Object({ id: idSchema, number: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }) });

export const getLicenceVersionDocument: ApiRoute = (app, { db, storage }) => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/licences/:id/versions/:number/document',
    onRequest: requireActor,
    schema: {
      tags: ['licences'],
      summary: 'The PDF of one version, for administrators and for whoever has accepted it',
      params: paramsSchema,
    },
    handler: async (request, reply) => {
      const { id: licenceId, number } = request.params;
      const question = { licenceId, number, actor: currentUser(request) };
      return sendFile(request, reply, await openLicenceVersion({ executor: db.orm, storage }, question), null);
    },
  });
};
