import type { Outcome } from '@sheaf/domain/outcome';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloadItems } from '../schema/downloads.ts';

/** Rows per statement: a few megabytes of JSON. */
const chunkSize = 2_500;

/**
 * Brings a download's items to these outcomes, one for each item in the items' order. Items that are as they should be
 * are not written: mostly all of them are, since a request's own decision wrote them moments ago.
 */
export async function updateOutcomes(tx: Executor, downloadId: string, outcomes: readonly Outcome[]): Promise<void> {
  for (let start = 0; start < outcomes.length; start += chunkSize) {
    const rows = outcomes.slice(start, start + chunkSize).map((outcome, index) => ({
      position: start + index,
      title: outcome.title,
      outcome: outcome.outcome,
      reason: outcome.reason,
      renamed: outcome.renamed,
      part: outcome.part,
      entries: outcome.entries,
    }));
    await tx.execute(sql`
      update ${downloadItems} item
      set title = row.title, outcome = row.outcome, reason = row.reason, renamed = row.renamed, part = row.part,
        entries = row.entries
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(
        position integer, title text, outcome text, reason text, renamed boolean, part integer, entries jsonb
      )
      where item.download_id = ${downloadId}::uuid and item.position = row.position
        and (item.title, item.outcome, item.reason, item.renamed, item.part, item.entries)
          is distinct from (row.title, row.outcome, row.reason, row.renamed, row.part, row.entries)`);
  }
}
