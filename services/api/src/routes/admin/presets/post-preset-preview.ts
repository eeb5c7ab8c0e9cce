import { presetPreviewSchema } from '@sheaf/contract/preset';
import type { ApiRoute } from '../../../api-deps.ts';
import { currentUser, requireRole } from '../../../current-user.ts';
import { documentedFile } from '../../../file-delivery/documented-file.ts';
import { sendPreview } from '../../../file-delivery/send-preview.ts';
import { patienceFor } from '../../../patience-for.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { openPresetPreview } from '../../../use-cases/open-preset-preview.ts';

export const postPresetPreview: ApiRoute = (app, deps) => {
  app.post(
    '/admin/image-presets/preview',
    {
      onRequest: requireRole('administrator'),
      config: {
        documented: {
          200: documentedFile[200],
          422: documentedProblem('It cannot be made'),
          503: documentedProblem('It is still being made: ask again after `Retry-After` seconds'),
        },
      },
      schema: {
        tags: ['administration'],
        summary: 'A small picture of what these parameters make of an asset, whether any preset has them or not',
        description:
          'For judging a preset before it is approved: at most 320 pixels a side, in a format that browsers draw. It is ' +
          'no rendition and no download: no rule is asked, and larger pictures are only to be had as renditions.',
        body: presetPreviewSchema,
      },
    },
    async (request, reply) => {
      const { assetId, parameters } = request.body;
      const question = { actorId: currentUser(request).id, assetId, parameters };
      const preview = await openPresetPreview(deps, question, patienceFor(reply, deps.settings));
      return sendPreview(request, reply, preview, deps);
    },
  );
};
