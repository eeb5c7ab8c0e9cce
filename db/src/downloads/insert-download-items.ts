import type { Outcome } from '@sheaf/domain/outcome';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloadItems } from '../schema/downloads.ts';

/** Rows per statement: keeps a statement at a few megabytes of JSON, and 25,000 items at ten round trips. */
const chunkSize = 2_500;

/**
 * Writes the outcomes of a request as its items, in their order. One JSON parameter a chunk: 25,000 rows with as many
 * parameters as columns take several times as long, and pass the protocol's limit of 65,535.
 */
export async function insertDownloadItems(
  tx: Executor,
  downloadId: string,
  outcomes: readonly Outcome[],
): Promise<void> {
  for (let start = 0; start < outcomes.length; start += chunkSize) {
    const rows = outcomes.slice(start, start + chunkSize).map((outcome, index) => ({
      position: start + index,
      asset_id: outcome.assetId,
      title: outcome.title,
      outcome: outcome.outcome,
      reason: outcome.reason,
      renamed: outcome.renamed,
      part: outcome.part,
      entries: outcome.entries,
    }));
    await tx.execute(sql`
      insert into ${downloadItems} (download_id, position, asset_id, title, outcome, reason, renamed, part, entries)
      select ${downloadId}::uuid, position, asset_id, title, outcome, reason, renamed, part, entries
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(
        position integer, asset_id uuid, title text, outcome text, reason text, renamed boolean, part integer,
        entries jsonb
      )`);
  }
}
