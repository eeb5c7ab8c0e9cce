import { smartCropProfileSchema } from '@sheaf/contract/preset';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { readPreset } from '../../../use-cases/change-preset.ts';
import { smartCropProfileJson } from '../../../use-cases/preset-json.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getSmartCropProfile: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/smart-crop-profiles/:id',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'One smart-crop profile',
        params: idParamsSchema,
        response: { 200: smartCropProfileSchema },
      },
    },
    async (request) =>
      smartCropProfileJson(await readPreset(db.orm, { kind: 'smart-crop', presetId: request.params.id })),
  );
};
