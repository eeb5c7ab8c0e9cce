import { smartCropProfileFieldsSchema, smartCropProfileSchema } from '@sheaf/contract/preset';
import { answerOnce } from '../../../answer-once.ts';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { createPreset } from '../../../use-cases/change-preset.ts';
import { profileDefinitions } from '../../../use-cases/preset-definitions.ts';
import { smartCropProfileJson } from '../../../use-cases/preset-json.ts';
import { presetChanger } from './preset-changer.ts';

export const postSmartCropProfile: ApiRoute = (app, deps) => {
  app.post(
    '/admin/smart-crop-profiles',
    {
      onRequest: requireRole('administrator'),
      config: { idempotent: true },
      schema: {
        tags: ['administration'],
        summary: 'Add a smart-crop profile; it yields nothing until it is approved',
        body: smartCropProfileFieldsSchema,
        response: { 201: smartCropProfileSchema },
      },
    },
    (request, reply) => {
      const { name, title, sizes, parameters = {} } = request.body;
      const definitions = profileDefinitions({ name, sizes, parameters });
      return answerOnce(deps, request, reply, async (tx) => {
        const preset = { kind: 'smart-crop' as const, name, title, definitions };
        const body = smartCropProfileJson(await createPreset(tx, preset, presetChanger(request, deps)));
        return { status: 201, headers: { location: `/api/v1/admin/smart-crop-profiles/${body.id}` }, body };
      });
    },
  );
};
