import { findDelivery } from '@sheaf/db/downloads/find-delivery';
import { AppError } from '@sheaf/domain/app-error';
import { hashSecretToken } from '@sheaf/runtime/secret-token';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps, ApiRoute } from '../../api-deps.ts';
import { logAccess } from '../../file-delivery/access-log.ts';
import { documentedFile } from '../../file-delivery/documented-file.ts';
import { assertStored, openArchivePart } from '../../file-delivery/open-archive-part.ts';
import { sendFile } from '../../file-delivery/send-file.ts';
import { documentedProblem, documentedTooMany } from '../../plugins/open-api.ts';
import { sendProblem } from '../../problems/send-problem.ts';
import { assertDeliverable, retryOf } from '../../use-cases/assert-deliverable.ts';

interface DeliverParams {
  token: string;
  /** From 1; absent for the first. */
  part?: string;
}

const documentedDelivery = {
  ...documentedFile,
  404: documentedProblem('No such link, or it is no longer valid'),
  410: documentedProblem(
    'The link or its archive has expired or was revoked, or the archive is gone or was found damaged (`blob.missing`), or the owner may no longer have something in it: `outcomes` say what and for which `reason`, and `retry`, if there, where to ask for what may still be had',
  ),
  416: documentedProblem('The range lies outside of the file'),
  429: documentedTooMany('`rate.limited`: what an archive takes out of quotas was taken when it was asked for'),
};

/**
 * `GET` and `HEAD` of `/d/{token}` and `/d/{token}/{part}`. No session: whoever holds the link has what its owner may
 * have at this moment. The parameters have no schema, since a refusal would repeat the token.
 */
export const deliverPart: ApiRoute = (app, deps) => {
  for (const url of ['/d/:token', '/d/:token/:part']) {
    app.route<{ Params: DeliverParams }>({
      method: ['GET', 'HEAD'],
      url,
      config: { documented: documentedDelivery, openedByPeople: true },
      schema: { tags: ['delivery'], summary: 'The archive: ranges, strong ETag, exact length', security: [] },
      handler: (request, reply) => deliver(request, reply, deps),
    });
  }
};

async function deliver(
  request: FastifyRequest<{ Params: DeliverParams }>,
  reply: FastifyReply,
  { db, storage, clock }: ApiDeps,
): Promise<FastifyReply> {
  const { token, part: asked = '1' } = request.params;
  const delivery = await findDelivery(db.orm, hashSecretToken(token));
  if (delivery === null) throw noSuchLink();
  const { link, download } = delivery;
  const number = /^[1-9]\d{0,6}$/.test(asked) ? Number(asked) : null;
  const log =
    request.method === 'GET'
      ? logAccess({ clock, executor: db.orm }, request, reply, {
          linkId: link.id,
          downloadId: download.id,
          part: number,
        })
      : null;
  try {
    await assertDeliverable(db.orm, delivery, clock());
  } catch (error) {
    log?.refused(error);
    // Gone, not unprocessable: nothing about this address can be done better by whoever asks for it.
    if (error instanceof AppError && error.code === 'download.assets_refused') return sendProblem(reply, error, 410);
    throw error;
  }
  const part = delivery.parts.find((candidate) => candidate.number === number);
  if (part === undefined) throw noSuchLink();
  const deps = { db, storage, clock, logger: request.log };
  await assertStored(deps, { ...part, downloadId: download.id, retry: retryOf(download.id) });
  const next = delivery.parts.find((candidate) => candidate.number === part.number + 1);
  if (next !== undefined) reply.header('link', `</d/${token}/${next.number}>; rel="next"`);
  return sendFile(
    request,
    reply,
    {
      etag: part.etag,
      sha256: part.sha256 ?? undefined,
      size: part.size,
      mediaType: part.mediaType,
      fileName: part.fileName,
      disposition: 'attachment',
      seam: part.bundle?.contentSize,
      open: (range) => openArchivePart(deps, part, range),
    },
    log,
  );
}

function noSuchLink(): AppError {
  return new AppError('resource.not_found', 'There is nothing at this address.');
}
