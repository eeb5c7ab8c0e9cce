import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { removePreset } from '../../../use-cases/change-preset.ts';
import { idParamsSchema } from '../../id-params.ts';
import { presetChanger } from './preset-changer.ts';

export const deleteSmartCropProfile: ApiRoute = (app, deps) => {
  app.delete(
    '/admin/smart-crop-profiles/:id',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags: ['administration'],
        summary: 'Remove a smart-crop profile; archives that hold its renditions may not be downloaded any more',
        params: idParamsSchema,
      },
    },
    async (request, reply) => {
      const which = { kind: 'smart-crop' as const, presetId: request.params.id };
      await deps.db.transaction((tx) => removePreset(tx, which, presetChanger(request, deps)));
      return reply.code(204).send();
    },
  );
};
