import { imagePresetSchema } from '@sheaf/contract/preset';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { readPreset } from '../../../use-cases/change-preset.ts';
import { imagePresetJson } from '../../../use-cases/preset-json.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getImagePreset: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/image-presets/:id',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'One image preset',
        params: idParamsSchema,
        response: { 200: imagePresetSchema },
      },
    },
    async (request) => imagePresetJson(await readPreset(db.orm, { kind: 'dynamic', presetId: request.params.id })),
  );
};
