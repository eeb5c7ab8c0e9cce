import { isDeepStrictEqual } from 'node:util';
import type { BulkAction } from '@sheaf/db/bulk-actions/bulk-action';
import { confirmBulkAction } from '@sheaf/db/bulk-actions/confirm-bulk-action';
import { findBulkAction } from '@sheaf/db/bulk-actions/find-bulk-action';
import type { Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';
import { invalidInput } from '../schema-validator.ts';
import { filterIn } from './download-filter.ts';
import { type BulkSubject, previewBulkAction } from './preview-bulk-action.ts';

/**
 * Sets a bulk action going, on what its preview found or else on what its filter finds now. In a transaction. Throws
 * `resource.not_found` for a preview that is not there, not the actor's, or forgotten; `resource.conflict` for one of
 * another request or one that was confirmed before, and where nothing was found.
 */
export async function startBulkAction(tx: Executor, subject: BulkSubject & { requestId: string }): Promise<BulkAction> {
  const { actor, request, now, requestId } = subject;
  const { reason = null } = request;
  if (reason === null && request.action !== 'retry') {
    throw invalidInput([{ path: '/reason', message: 'is required to cancel or revoke' }]);
  }
  const id = request.previewId ?? (await previewBulkAction(tx, subject)).previewId;
  const previewed = await findBulkAction(tx, id);
  if (previewed === null || previewed.createdBy.id !== actor.id) {
    throw new AppError('resource.not_found', 'There is no such preview; it may have been forgotten.');
  }
  if (previewed.kind !== request.action || !isDeepStrictEqual(previewed.filter, filterIn(request.filter))) {
    throw new AppError('resource.conflict', 'The preview was one of another action or another filter.');
  }
  if (previewed.total === 0) throw new AppError('resource.conflict', 'The filter finds no download.');
  if (!(await confirmBulkAction(tx, { id, createdBy: actor.id, reason, requestId, now }))) {
    throw new AppError('resource.conflict', 'This was confirmed before.');
  }
  return (await findBulkAction(tx, id))!;
}
