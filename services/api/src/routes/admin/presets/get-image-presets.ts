import { pageQuerySchema } from '@sheaf/contract/page';
import { imagePresetPageSchema } from '@sheaf/contract/preset';
import { listPresets } from '@sheaf/db/presets/list-presets';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { pageJson } from '../../../cursor.ts';
import { pageOf } from '../../../page-query.ts';
import { imagePresetJson } from '../../../use-cases/preset-json.ts';

export const getImagePresets: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/image-presets',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'Image presets, approved or not, newest first',
        querystring: pageQuerySchema,
        response: { 200: imagePresetPageSchema },
      },
    },
    async (request) =>
      pageJson(await listPresets(db.orm, { kind: 'dynamic', ...pageOf(request.query) }), imagePresetJson),
  );
};
