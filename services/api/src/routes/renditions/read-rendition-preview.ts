import { idSchema } from '@sheaf/contract/scalars';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { documentedFile } from '../../file-delivery/documented-file.ts';
import { sendPreview } from '../../file-delivery/send-preview.ts';
import { patienceFor } from '../../patience-for.ts';
import { documentedProblem } from '../../plugins/open-api.ts';
import { openRenditionPreview } from '../../use-cases/open-rendition-preview.ts';

const paramsSchema = Type.Object({ id: idSchema, renditionId: idSchema });

export const readRenditionPreview: ApiRoute = (app, deps) => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/assets/:id/renditions/:renditionId/preview',
    onRequest: requireActor,
    config: {
      documented: {
        ...documentedFile,
        422: documentedProblem('It cannot be made'),
        503: documentedProblem('It is still being made: ask again after `Retry-After` seconds'),
      },
    },
    schema: {
      tags: ['assets'],
      summary: 'A small picture of a rendition that is made on demand',
      description: 'At most 320 pixels a side, for screens. The same rules apply as to the rendition itself.',
      params: paramsSchema,
    },
    handler: async (request, reply) => {
      const { id: assetId, renditionId } = request.params;
      const patience = request.method === 'GET' ? patienceFor(reply, deps.settings) : null;
      const question = { actor: currentUser(request), assetId, renditionId };
      const preview = await openRenditionPreview(deps, question, patience);
      return sendPreview(request, reply, preview, deps);
    },
  });
};
