import { imagePresetFieldsSchema, imagePresetSchema } from '@sheaf/contract/preset';
import { answerOnce } from '../../../answer-once.ts';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { createPreset } from '../../../use-cases/change-preset.ts';
import { presetDefinitions } from '../../../use-cases/preset-definitions.ts';
import { imagePresetJson } from '../../../use-cases/preset-json.ts';
import { presetChanger } from './preset-changer.ts';

export const postImagePreset: ApiRoute = (app, deps) => {
  app.post(
    '/admin/image-presets',
    {
      onRequest: requireRole('administrator'),
      config: { idempotent: true },
      schema: {
        tags: ['administration'],
        summary: 'Add an image preset; it yields nothing until it is approved',
        body: imagePresetFieldsSchema,
        response: { 201: imagePresetSchema },
      },
    },
    (request, reply) => {
      const { name, title } = request.body;
      const definitions = presetDefinitions(request.body);
      return answerOnce(deps, request, reply, async (tx) => {
        const preset = { kind: 'dynamic' as const, name, title, definitions };
        const body = imagePresetJson(await createPreset(tx, preset, presetChanger(request, deps)));
        return { status: 201, headers: { location: `/api/v1/admin/image-presets/${body.id}` }, body };
      });
    },
  );
};
