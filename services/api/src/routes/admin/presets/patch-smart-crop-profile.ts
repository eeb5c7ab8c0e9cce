import { smartCropProfileChangesSchema, smartCropProfileSchema } from '@sheaf/contract/preset';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { changePreset } from '../../../use-cases/change-preset.ts';
import { cropSizes, outputParameters, profileDefinitions } from '../../../use-cases/preset-definitions.ts';
import { smartCropProfileJson } from '../../../use-cases/preset-json.ts';
import { idParamsSchema } from '../../id-params.ts';
import { presetChanger } from './preset-changer.ts';

export const patchSmartCropProfile: ApiRoute = (app, deps) => {
  app.patch(
    '/admin/smart-crop-profiles/:id',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags: ['administration'],
        summary: 'Change or approve a smart-crop profile',
        description: 'Changed sizes or parameters take the approval away, unless the same request gives it.',
        params: idParamsSchema,
        body: smartCropProfileChangesSchema,
        response: { 200: smartCropProfileSchema },
      },
    },
    async (request) => {
      const { sizes, parameters, approved, ...names } = request.body;
      const which = { kind: 'smart-crop' as const, presetId: request.params.id };
      const changed = await deps.db.transaction((tx) =>
        changePreset(
          tx,
          which,
          (before) => {
            const { name, title } = { ...before, ...names };
            const output = { ...outputParameters(before), ...parameters };
            const definitions = profileDefinitions({ name, sizes: sizes ?? cropSizes(before), parameters: output });
            return { name, title, approved, definitions };
          },
          presetChanger(request, deps),
        ),
      );
      return smartCropProfileJson(changed);
    },
  );
};
