import type { BulkPreviewJson, BulkRequest } from '@sheaf/contract/bulk-action';
import { countTargetStates } from '@sheaf/db/bulk-actions/count-target-states';
import { findBulkAction } from '@sheaf/db/bulk-actions/find-bulk-action';
import { prepareBulkAction } from '@sheaf/db/bulk-actions/prepare-bulk-action';
import type { Executor } from '@sheaf/db/database';
import type { Actor } from '@sheaf/domain/actor';
import type { BulkActionKind } from '@sheaf/domain/bulk-action';
import { type DownloadState, statesBefore } from '@sheaf/domain/download-state';
import { filterIn, toSearch } from './download-filter.ts';

export interface BulkSubject {
  actor: Actor;
  request: BulkRequest;
  now: Date;
}

/** What a download has to be for each action; a ready one may be retried where its time is over or something is gone. */
export const possibleStates: Readonly<Record<BulkActionKind, readonly DownloadState[]>> = {
  cancel: statesBefore('cancelled'),
  retry: [...statesBefore('requested'), 'ready'],
  revoke: statesBefore('revoked'),
};

/** Writes down what a bulk request's filter finds. In a transaction. */
export async function previewBulkAction(tx: Executor, { actor, request, now }: BulkSubject): Promise<BulkPreviewJson> {
  const { action: kind } = request;
  const filter = filterIn(request.filter) as Record<string, string | number>;
  const search = toSearch(request.filter, '/filter');
  const id = await prepareBulkAction(tx, { kind, search, filter, createdBy: actor.id, now });
  const { total, people, bytes } = (await findBulkAction(tx, id))!;
  const states = await countTargetStates(tx, id);
  return {
    previewId: id,
    action: kind,
    asOf: now.toISOString(),
    total,
    people,
    bytes,
    states: states.map((known) => ({ ...known, possible: possibleStates[kind].includes(known.state) })),
  };
}
