import type { DownloadListQuery, DownloadPageJson } from '@sheaf/contract/download';
import type { Executor } from '@sheaf/db/database';
import * as downloads from '@sheaf/db/downloads/list-downloads';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { seesEverything } from '@sheaf/domain/sees-everything';
import type { Sealer } from '@sheaf/runtime/seal';
import { decodeCursor, toPage } from '../cursor.ts';
import { downloadJson } from './download-json.ts';

export interface DownloadListQuestion {
  actor: Actor;
  query: DownloadListQuery;
  linkSealer: Sealer;
  now: Date;
}

/** One's own, unless others are asked for. Throws `auth.forbidden` where somebody asks for another's without seeing everything. */
export async function listDownloads(
  executor: Executor,
  { actor, query, linkSealer, now }: DownloadListQuestion,
): Promise<DownloadPageJson> {
  const { limit = 50, state, q } = query;
  const requesterId = requesterOf(actor, query.requester);
  const views = await downloads.listDownloads(executor, {
    requesterId,
    state,
    // Everybody's are found by the index of states.
    now: requesterId === null ? undefined : now,
    q,
    before: decodeCursor(query.cursor) ?? undefined,
    limit: limit + 1,
  });
  return toPage(views, limit, (view) => downloadJson(view, { viewerId: actor.id, linkSealer, now }));
}

/** Null for everybody's. */
function requesterOf(actor: Actor, asked: string | undefined): string | null {
  const requesterId = asked?.toLowerCase() ?? actor.id;
  if (requesterId === actor.id) return requesterId;
  if (!seesEverything(actor)) {
    throw new AppError('auth.forbidden', "Only administrators and auditors see other people's downloads.");
  }
  return requesterId === 'all' ? null : requesterId;
}
