import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps } from '../api-deps.ts';
import type { PreviewFile } from '../use-cases/open-rendition-preview.ts';
import { sendFile } from './send-file.ts';

/** Answers with a small picture for screens: shown rather than saved, and no access that is recorded or charged. */
export function sendPreview(
  request: FastifyRequest,
  reply: FastifyReply,
  { blob, mediaType }: PreviewFile,
  { storage }: Pick<ApiDeps, 'storage'>,
): Promise<FastifyReply> {
  return sendFile(
    request,
    reply,
    {
      ...blob,
      mediaType,
      fileName: `preview.${mediaType.slice('image/'.length)}`,
      disposition: 'inline',
      open: (range) => storage.blobs.read(blob.sha256, range),
    },
    null,
  );
}
