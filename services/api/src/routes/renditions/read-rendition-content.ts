import { idSchema } from '@sheaf/contract/scalars';
import { Type } from 'typebox';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { logAccess } from '../../file-delivery/access-log.ts';
import { documentedFile } from '../../file-delivery/documented-file.ts';
import { sendFile } from '../../file-delivery/send-file.ts';
import { patienceFor } from '../../patience-for.ts';
import { documentedProblem, documentedTooMany } from '../../plugins/open-api.ts';
import { isCharged } from '../../use-cases/begin-access.ts';
import { openRendition } from '../../use-cases/open-rendition.ts';

const paramsSchema = Type.Object({ id: idSchema, renditionId: idSchema });

const querySchema = Type.Object(
  { inline: Type.Optional(Type.Enum(['1'], { description: 'To be shown instead of saved; pictures only.' })) },
  { additionalProperties: false },
);

/** Formats that browsers draw and that cannot carry a script, unlike SVG. */
const drawn = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'];

export const readRenditionContent: ApiRoute = (app, deps) => {
  const { db, storage, clock } = deps;
  app.route({
    method: ['GET', 'HEAD'],
    url: '/assets/:id/renditions/:renditionId/content',
    onRequest: requireActor,
    config: {
      documented: {
        ...documentedFile,
        403: documentedProblem('It is shown, and kept back: `reason` says why'),
        410: documentedProblem('`blob.missing`: its stored bytes are gone'),
        416: documentedProblem('The range lies outside of the file'),
        422: documentedProblem('It is made on demand, and cannot be made'),
        429: documentedTooMany(
          '`rate.limited`, or `quota.exceeded`: `quota`, `subject`, `limit`, `used`, `asked` and `left` say by how much',
        ),
        503: documentedProblem('It is made on demand, and still being made: ask again after `Retry-After` seconds'),
      },
    },
    schema: {
      tags: ['assets'],
      summary: 'One file as it is: ranges, strong ETag, exact length',
      description: 'A dynamic or smart-crop rendition is made by the first GET, which waits for it.',
      params: paramsSchema,
      querystring: querySchema,
    },
    handler: async (request, reply) => {
      const actor = currentUser(request);
      const { id: assetId, renditionId } = request.params;
      const patience = request.method === 'GET' ? patienceFor(reply, deps.settings) : null;
      const { rendition, blob } = await openRendition(deps, { actor, assetId, renditionId }, patience);
      const charged = isCharged(rendition);
      const log =
        request.method === 'GET'
          ? logAccess({ clock, executor: db.prepared }, request, reply, {
              assetId,
              renditionId,
              userId: actor.id,
              charged,
            })
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
