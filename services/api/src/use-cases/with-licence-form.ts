import { AppError } from '@sheaf/domain/app-error';
import type { FastifyRequest } from 'fastify';
import { type Static, type TObject, Type } from 'typebox';
import type { ApiDeps } from '../api-deps.ts';
import { parseWith } from '../schema-validator.ts';
import { withUpload } from '../uploads.ts';
import { type StoredDocument, storeDocument } from './store-document.ts';

export interface LicenceForm<F> {
  fields: F;
  document: StoredDocument | null;
}

/**
 * Takes a licence's fields as JSON, or as a form with the PDF as its last part, and runs `work` with them. The PDF is
 * stored before, and removed again where `work` fails.
 */
export async function withLicenceForm<S extends TObject, R>(
  deps: Pick<ApiDeps, 'db' | 'storage'>,
  request: FastifyRequest,
  schema: S,
  work: (form: LicenceForm<Static<S>>) => Promise<R>,
): Promise<R> {
  if (!request.isMultipart()) return work({ fields: parseWith(schema, request.body, 'json'), document: null });
  return withUpload(request, async ({ file, fields: texts }) => {
    if (file === null) throw new AppError('upload.empty', 'There is no file in the form.');
    // With a file, the form changes something even where it has no fields.
    const formSchema = Type.Object(schema.properties, { additionalProperties: false });
    const fields = parseWith(formSchema, texts, 'text') as Static<S>;
    const document = await storeDocument(deps, file.stream);
    try {
      return await work({ fields, document });
    } catch (error) {
      await document.discard().catch(() => {});
      throw error;
    }
  });
}
