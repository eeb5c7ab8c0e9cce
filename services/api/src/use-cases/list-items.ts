import type { DownloadItemListQuery, DownloadItemPageJson } from '@sheaf/contract/download';
import type { Executor } from '@sheaf/db/database';
import { downloadExists } from '@sheaf/db/downloads/download-exists';
import { listDownloadItems } from '@sheaf/db/downloads/list-download-items';
import type { Actor } from '@sheaf/domain/actor';
import { noSuchDownload, scopeOf } from '@sheaf/downloads/download-scope';
import { outcomeJson } from '@sheaf/downloads/outcome-json';
import { invalidInput } from '../schema-validator.ts';

export interface ItemListQuestion {
  actor: Actor;
  downloadId: string;
  query: DownloadItemListQuery;
}

/** Throws `resource.not_found` for a download that is not the actor's, too. */
export async function listItems(
  executor: Executor,
  { actor, downloadId, query }: ItemListQuestion,
): Promise<DownloadItemPageJson> {
  const { limit = 50, outcome } = query;
  const after = positionOf(query.cursor);
  if (!(await downloadExists(executor, scopeOf(actor, downloadId)))) throw noSuchDownload();
  const items = await listDownloadItems(executor, { downloadId, outcome, after, limit: limit + 1 });
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(outcomeJson),
    nextCursor: items.length > limit && last ? cursorOf(last.position) : null,
  };
}

/** Items have no id of their own: their place in the request is their key. */
function cursorOf(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

function positionOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!/^\d{1,9}$/.test(text)) throw invalidInput([{ path: '/cursor', message: 'is not a cursor of this list' }]);
  return Number(text);
}
