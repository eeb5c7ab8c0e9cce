import { imagePresetChangesSchema, imagePresetSchema } from '@sheaf/contract/preset';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { changePreset } from '../../../use-cases/change-preset.ts';
import { presetDefinitions, presetParameters } from '../../../use-cases/preset-definitions.ts';
import { imagePresetJson } from '../../../use-cases/preset-json.ts';
import { idParamsSchema } from '../../id-params.ts';
import { presetChanger } from './preset-changer.ts';

export const patchImagePreset: ApiRoute = (app, deps) => {
  app.patch(
    '/admin/image-presets/:id',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags: ['administration'],
        summary: 'Change or approve an image preset',
        description:
          'Changed parameters make new renditions, and take the approval away unless the same request gives it.',
        params: idParamsSchema,
        body: imagePresetChangesSchema,
        response: { 200: imagePresetSchema },
      },
    },
    async (request) => {
      const { parameters, approved, ...names } = request.body;
      const which = { kind: 'dynamic' as const, presetId: request.params.id };
      const changed = await deps.db.transaction((tx) =>
        changePreset(
          tx,
          which,
          (before) => {
            const { name, title } = { ...before, ...names };
            const merged = { ...presetParameters(before), ...parameters };
            return { name, title, approved, definitions: presetDefinitions({ name, title, parameters: merged }) };
          },
          presetChanger(request, deps),
        ),
      );
      return imagePresetJson(changed);
    },
  );
};
