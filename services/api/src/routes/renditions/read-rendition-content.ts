import { idSchema } from '@sheaf/contract/scalars';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { logAccess } from '../../file-delivery/access-log.ts';
import { documentedFile } from '../../file-delivery/documented-file.ts';
import { sendFile } from '../../file-delivery/send-file.ts';
import { documentedProblem } from '../../plugins/open-api.ts';
import { openRendition } from '../../use-cases/open-rendition.ts';

const paramsSchema = Type.Object({ id: idSchema, renditionId: idSchema });

const querySchema = Type.Object(
  { inline: Type.Optional(Type.Enum(['1'], { description: 'To be shown instead of saved; pictures only.' })) },
  { additionalProperties: false },
);

/** Formats that browsers draw and that cannot carry a script, unlike SVG. */
const drawn = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'];

export const readRenditionContent: ApiRoute = (app, { db, storage, clock }) => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/assets/:id/renditions/:renditionId/content',
    onRequest: requireActor,
    config: { documented: { ...documentedFile, 416: documentedProblem('The range lies outside of the file') } },
    schema: {
      tags: ['assets'],
      summary: 'One file as it is: ranges, strong ETag, exact length',
      params: paramsSchema,
      querystring: querySchema,
    },
    handler: async (request, reply) => {
      const actor = currentUser(request);
      const { id: assetId, renditionId } = request.params;
      const now = clock();
      const { rendition, blob } = await openRendition(
        { executor: db.orm, storage },
        { actor, assetId, renditionId, now },
      );
      const log =
        request.method === 'GET'
          ? logAccess({ executor: db.orm, clock }, request, reply, { assetId, renditionId, userId: actor.id })
          : null;
      const inline = request.query.inline === '1' && drawn.includes(rendition.mediaType);
      return sendFile(
        request,
        reply,
        {
          ...blob,
          mediaType: rendition.mediaType,
          fileName: rendition.fileName,
          disposition: inline ? 'inline' : 'attachment',
          open: (range) => storage.blobs.read(blob.sha256, range),
        },
        log,
      );
    },
  });
};
