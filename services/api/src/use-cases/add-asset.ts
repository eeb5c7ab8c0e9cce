import { type AssetJson, assetFieldsSchema } from '@sheaf/contract/asset';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { AppError } from '@sheaf/domain/app-error';
import { initialStatus } from '@sheaf/domain/initial-status';
import { ingestFile } from '@sheaf/ingest/ingest-file';
import type { FastifyRequest } from 'fastify';
import { type Answer, answerWithin } from '../answer-once.ts';
import type { ApiDeps } from '../api-deps.ts';
import { auditEvent } from '../audit-event.ts';
import { currentUser } from '../current-user.ts';
import { parseOptionalTime, parseWith } from '../schema-validator.ts';
import type { Upload } from '../uploads.ts';
import { readOwnAsset } from './read-own-asset.ts';

/**
 * Adds the uploaded file to the catalogue, approved at once or not (rule 9). The bytes are stored before anything is
 * recorded; asset, renditions, job and the answer to a repeated request are then recorded together.
 * Throws what `ingestFile` throws.
 */
export async function addAsset(deps: ApiDeps, request: FastifyRequest, upload: Upload): Promise<Answer<AssetJson>> {
  const { db, storage, settings, clock } = deps;
  const actor = currentUser(request);
  const fields = parseWith(assetFieldsSchema, upload.fields, 'text');
  const { file } = upload;
  if (file === null) throw new AppError('upload.empty', 'There is no file in the form.');
  const expiresAt = parseOptionalTime(fields.expiresAt, '/expiresAt');
  const { configuration: visibility } = await readVisibility(db.orm);
  const now = clock();

  let answer: Answer<AssetJson> | undefined;
  await ingestFile(
    { db, storage },
    {
      source: { stream: file.stream },
      fileName: file.name,
      folder: fields.folder ?? '',
      title: fields.title,
      licenceId: fields.licenceId,
      status: initialStatus(visibility),
      expiresAt,
      createdBy: actor.id,
      modifiedAt: now,
      maxBytes: settings.MAX_UPLOAD_BYTES,
      onExisting: 'fail',
      async around(tx, { sha256, size }, record) {
        const body = { fields, fileName: file.name, sha256 };
        const work = async () => {
          const { assetId } = await record();
          const json = await readOwnAsset(tx, { assetId, actor, visibility, now });
          const { title, folder, fileName, status } = json;
          const detail = { title, folder, fileName, status, sha256, size };
          const event = { at: now, action: 'asset.added', assetId, licenceId: fields.licenceId, detail } as const;
          return {
            status: 201,
            headers: { location: `/api/v1/assets/${assetId}` },
            body: json,
            events: [auditEvent(request, event)],
          };
        };
        answer = await answerWithin(tx, deps, request, work, { body });
        return { assetId: answer.body.id, created: true, sha256, size };
      },
    },
  );
  return answer!;
}
