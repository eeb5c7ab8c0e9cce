import { pageQuerySchema } from '@sheaf/contract/page';
import { smartCropProfilePageSchema } from '@sheaf/contract/preset';
import { listPresets } from '@sheaf/db/presets/list-presets';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { pageJson } from '../../../cursor.ts';
import { pageOf } from '../../../page-query.ts';
import { smartCropProfileJson } from '../../../use-cases/preset-json.ts';

export const getSmartCropProfiles: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/smart-crop-profiles',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'Smart-crop profiles, approved or not, newest first',
        querystring: pageQuerySchema,
        response: { 200: smartCropProfilePageSchema },
      },
    },
    async (request) =>
      pageJson(await listPresets(db.orm, { kind: 'smart-crop', ...pageOf(request.query) }), smartCropProfileJson),
  );
};
