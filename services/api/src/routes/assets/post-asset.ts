import { assetFieldsSchema, assetSchema } from '@sheaf/contract/asset';
import { addingRoles } from '@sheaf/domain/actor';
import { useAnswer } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { requireRole } from '../../current-user.ts';
import { withUpload } from '../../uploads.ts';
import { addAsset } from '../../use-cases/add-asset.ts';

export const postAsset: ApiRoute = (app, deps) => {
  app.post(
    '/assets',
    {
      onRequest: requireRole(...addingRoles),
      config: { formFields: assetFieldsSchema, idempotent: true },
      schema: {
        tags: ['assets'],
        summary: 'Add a file',
        description:
          'multipart/form-data: the fields `title`, `folder`, `licenceId` and `expiresAt`, each optional, and then ' +
          '`file` as the last part. Not approved until somebody approves it, unless auto-approval is on.',
        consumes: ['multipart/form-data'],
        response: { 201: assetSchema },
      },
    },
    async (request, reply) => useAnswer(reply, await withUpload(request, (upload) => addAsset(deps, request, upload))),
  );
};
