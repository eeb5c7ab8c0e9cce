import type { BulkActionKind } from '@sheaf/domain/bulk-action';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type DownloadSearch, selectMatches } from '../download-search/download-search.ts';
import { resolveSearch } from '../download-search/resolve-search.ts';
import { bulkActions, bulkActionTargets } from '../schema/bulk-actions.ts';
import { newId } from '../schema/columns.ts';
import { downloads } from '../schema/downloads.ts';

export interface NewBulkAction {
  kind: BulkActionKind;
  search: DownloadSearch;
  /** As it was asked for. */
  filter: Record<string, string | number>;
  createdBy: string;
  now: Date;
}

/**
 * Writes down what a search finds now as the targets of a bulk action that nobody has confirmed yet, in the caller's
 * transaction. Whatever else the filter may find later is not among them. Returns the action's id.
 */
export async function prepareBulkAction(tx: Executor, action: NewBulkAction): Promise<string> {
  const { kind, filter, createdBy, now } = action;
  const id = newId();
  await tx
    .insert(bulkActions)
    .values({ id, kind, filter, createdBy, createdAt: now, state: 'previewed', total: 0, people: 0, bytes: 0 });
  const search = await resolveSearch(tx, action.search);
  if (search !== null) {
    await tx.execute(sql`
      with targets as (
        insert into ${bulkActionTargets} (action_id, download_id, epoch) select ${id}::uuid, d.id, d.epoch ${selectMatches(search)}
        returning download_id
      ), counted as (
        select count(*)::int as total, count(distinct d.requester_id)::int as people, coalesce(sum(d.bytes_total), 0) as bytes
        from targets t join ${downloads} d on d.id = t.download_id
      )
      update ${bulkActions} a set total = counted.total, people = counted.people, bytes = counted.bytes
      from counted where a.id = ${id}::uuid`);
  }
  return id;
}
