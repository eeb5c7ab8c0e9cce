import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { removePreset } from '../../../use-cases/change-preset.ts';
import { idParamsSchema } from '../../id-params.ts';
import { presetChanger } from './preset-changer.ts';

export const deleteImagePreset: ApiRoute = (app, deps) => {
  app.delete(
    '/admin/image-presets/:id',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags: ['administration'],
        summary: 'Remove an image preset; archives that hold its renditions may not be downloaded any more',
        params: idParamsSchema,
      },
    },
    async (request, reply) => {
      const which = { kind: 'dynamic' as const, presetId: request.params.id };
      await deps.db.transaction((tx) => removePreset(tx, which, presetChanger(request, deps)));
      return reply.code(204).send();
    },
  );
};
